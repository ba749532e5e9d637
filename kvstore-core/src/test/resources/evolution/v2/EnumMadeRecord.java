package shop;

record EnumMadeRecord(String name) {}
