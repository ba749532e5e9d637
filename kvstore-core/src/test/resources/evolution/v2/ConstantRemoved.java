package shop;

record ConstantRemoved(Colour colour) {}

enum Colour {
  GREEN
}
