package shop;

record Added(String id) {
  static Object sample() {
    return new Added("a");
  }
}
