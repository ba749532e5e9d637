package shop;

record ArrayChanged(int[] array) {
  static Object sample() {
    return new ArrayChanged(new int[] {1});
  }
}
