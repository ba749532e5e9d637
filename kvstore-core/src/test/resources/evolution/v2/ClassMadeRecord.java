package shop;

record ClassMadeRecord(String id, long count) {}
