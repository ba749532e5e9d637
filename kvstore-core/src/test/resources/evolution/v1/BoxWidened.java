package shop;

import java.util.*;

record BoxWidened(Integer i, Character c, Optional<Short> s) {
  static Object sample() {
    return new BoxWidened(-3, 'A', Optional.of((short) 5));
  }
}
