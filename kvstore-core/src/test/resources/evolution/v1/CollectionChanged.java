package shop;

import java.util.*;

record CollectionChanged(List<Integer> list) {
  static Object sample() {
    return new CollectionChanged(List.of(1));
  }
}
