package shop;

import java.util.*;

record RemovedWithClass(Gone one, String id, List<Gone> more, Map<String, Gone> all) {
  static Object sample() {
    Gone gone = new Gone(1, Mood.GOOD, null);
    Gone deep = new Gone(2, Mood.BAD, gone);
    return new RemovedWithClass(gone, "a", List.of(gone, deep), new TreeMap<>(Map.of("k", deep)));
  }
}

record Gone(int number, Mood mood, Gone next) {}

enum Mood {
  GOOD,
  BAD
}
