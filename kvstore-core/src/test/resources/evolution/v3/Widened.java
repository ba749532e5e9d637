package shop;

record Widened(double b, double s, double i, double l, double f, double c) {}
