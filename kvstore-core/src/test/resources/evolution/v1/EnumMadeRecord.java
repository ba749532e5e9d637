package shop;

enum EnumMadeRecord {
  ONE;

  static Object sample() {
    return ONE;
  }
}
