package shop;

record Widened(short b, int s, long i, float l, double f, int c) {}
