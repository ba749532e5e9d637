package shop;

record ConstantAdded(Size size) {
  static Object sample() {
    return new ConstantAdded(Size.LARGE);
  }
}

enum Size {
  SMALL,
  LARGE
}
