package shop;

record Reordered(int b, String c, String a) {}
