package shop;

record Reordered(String c, String a, int b) {}
