package shop;

record Changed(String count) {
  static Object sample() {
    return new Changed("3");
  }
}
