package shop;

record Boxed(Number i, Object b, Double wide) {}
