package io.kvstore.faults;

import java.util.Comparator;
import java.util.Map;
import java.util.function.Predicate;

/** A thread dump, for the message of a test that hangs. */
final class ThreadDump {
  private ThreadDump() {}

  static String of(Predicate<Thread> which) {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> which.test(entry.getKey()))
        .sorted(Comparator.comparing(entry -> entry.getKey().getId()))
        .forEach(entry -> add(text, entry));
    return text.toString();
  }

  private static void add(StringBuilder text, Map.Entry<Thread, StackTraceElement[]> entry) {
    Thread thread = entry.getKey();
    text.append("\nThread \"").append(thread.getName()).append("\" ").append(thread.getState());
    for (StackTraceElement frame : entry.getValue()) {
      text.append("\n    at ").append(frame);
    }
  }
}
