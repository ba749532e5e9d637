package shop;

import java.util.*;

record Removed(List<String> tags, String id, int count) {
  static Object sample() {
    return new Removed(List.of("x", "y"), "a", 7);
  }
}
