package shop;

record Widened(byte b, short s, int i, long l, float f, char c) {
  static Object sample() {
    return new Widened((byte) -1, (short) -2, -3, -4L, 0.5f, 'A');
  }
}
