package shop;

record Other(String id) {}
