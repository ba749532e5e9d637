package shop;

record RemovedWithClass(String id) {}

/** Was an enum. */
record Mood(int now) {}
