package shop;

record Unboxed(int count) {}
