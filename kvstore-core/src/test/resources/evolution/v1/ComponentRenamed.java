package shop;

record ComponentRenamed(String first) {
  static Object sample() {
    return new ComponentRenamed("a");
  }
}
