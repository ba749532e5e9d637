package shop;

import java.util.*;

record ElementsWidened(List<Integer> list, Map<String, Integer> map) {
  static Object sample() {
    return new ElementsWidened(List.of(1, 2), Map.of("a", 3));
  }
}
