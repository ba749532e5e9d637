package shop;

record AddedWithDefault(String id) {
  static Object sample() {
    return new AddedWithDefault("a");
  }
}
