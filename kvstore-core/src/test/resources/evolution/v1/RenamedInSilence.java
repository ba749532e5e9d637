package shop;

record RenamedInSilence(String first) {
  static Object sample() {
    return new RenamedInSilence("a");
  }
}
