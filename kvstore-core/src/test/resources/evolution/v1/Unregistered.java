package shop;

record Unregistered(String id) {
  static Object sample() {
    return new Unregistered("a");
  }
}
