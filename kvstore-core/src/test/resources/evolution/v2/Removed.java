package shop;

record Removed(String id) {}
