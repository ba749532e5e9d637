package shop;

import java.util.*;

record MadeGeneral(Integer i, ArrayList<String> list, Circle circle) {
  static Object sample() {
    return new MadeGeneral(3, new ArrayList<>(List.of("a")), new Circle(1));
  }
}

record Circle(int radius) {}
