package shop;

record Narrowed(int count) {}
