package shop;

record Reordered(String a, int b, String c) {
  static Object sample() {
    return new Reordered("a", 2, "c");
  }
}
