package shop;

record Unboxed(Integer count) {
  static Object sample() {
    return new Unboxed(3);
  }
}
