package shop;

import java.util.*;

record SealedWidened(Event last, List<Event> all) {}

sealed interface Event permits Paused, Closed, Opened {}

record Paused() implements Event {}

record Opened(long at, String by) implements Event {}

record Closed(String why) implements Event {}
