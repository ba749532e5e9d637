package shop;

record ConstantAdded(Size size) {}

enum Size {
  LARGE,
  MEDIUM,
  SMALL
}
