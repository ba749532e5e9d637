package shop;

record ArrayChanged(long[] array) {}
