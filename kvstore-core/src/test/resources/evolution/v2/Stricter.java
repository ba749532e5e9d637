package shop;

record Stricter(int count) {
  Stricter {
    if (count < 0) {
      throw new IllegalArgumentException("count is negative");
    }
  }
}
