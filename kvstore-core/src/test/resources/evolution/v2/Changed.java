package shop;

record Changed(int count) {}
