package shop;

record AddedWithDefault(String id, String note) {}
