package shop;

import java.util.*;

record ElementsChanged(List<Integer> list) {
  static Object sample() {
    return new ElementsChanged(List.of(1, 2));
  }
}
