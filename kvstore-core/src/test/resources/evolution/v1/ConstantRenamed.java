package shop;

record ConstantRenamed(Level level) {
  static Object sample() {
    return new ConstantRenamed(Level.LOW);
  }
}

enum Level {
  LOW,
  HIGH
}
