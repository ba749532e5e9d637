package shop;

record Narrowed(long count) {
  static Object sample() {
    return new Narrowed(3);
  }
}
