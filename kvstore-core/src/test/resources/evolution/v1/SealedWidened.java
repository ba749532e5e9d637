package shop;

import java.util.*;

record SealedWidened(Event last, List<Event> all) {
  static Object sample() {
    return new SealedWidened(new Opened(1), List.of(new Opened(1), new Closed("b")));
  }
}

sealed interface Event permits Opened, Closed {}

record Opened(int at) implements Event {}

record Closed(String why) implements Event {}
