package shop;

record Boxed(int i, boolean b, int wide) {
  static Object sample() {
    return new Boxed(3, true, 4);
  }
}
