package shop;

record ConstantAdded(Size size) {}

enum Size {
  TINY,
  MEDIUM {},
  LARGE
}
