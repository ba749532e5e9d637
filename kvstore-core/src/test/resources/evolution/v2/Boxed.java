package shop;

record Boxed(Integer i, Boolean b, Long wide) {}
