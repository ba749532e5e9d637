package shop;

record Narrowed(long count) {}
