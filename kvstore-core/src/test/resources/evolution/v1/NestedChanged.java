package shop;

import java.util.*;

record NestedChanged(List<Item> items) {
  static Object sample() {
    return new NestedChanged(List.of(new Item("a", 1), new Item("b", 2)));
  }
}

record Item(String name, int count) {}
