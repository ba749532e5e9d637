package shop;

record RemovedWithClass(String id) {}
