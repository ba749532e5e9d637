package shop;

record ConstantRemoved(Colour colour) {
  static Object sample() {
    return new ConstantRemoved(Colour.RED);
  }
}

enum Colour {
  RED,
  GREEN
}
