package shop;

record Stricter(int count) {
  static Object sample() {
    return new Stricter(-1);
  }
}
