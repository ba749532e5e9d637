package shop;

import java.util.*;

record ClassRenamed(String id, List<ClassRenamed> more) {
  static Object sample() {
    return new ClassRenamed("a", List.of(new ClassRenamed("b", List.of())));
  }
}
