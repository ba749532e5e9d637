package io.kvstore.faults;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.testing.Configuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * A process that calls a store at the end of a thread's stack, and reports whether other threads
 * can go on, and whether anything was lost.
 */
final class StackEndProcess {
  /** What it prints when all is well. */
  static final String GOOD = "good";

  /** More than there are depths at which a call can fail. */
  private static final int MAX_CALLS = 1_000;

  private static final String VALUE = "v".repeat(100);
  private static final Duration TTL = Duration.ofDays(1);

  private final Path directory;
  private final Configuration configuration;
  private final Map<String, String> present = new TreeMap<>();
  private final List<String> absent = new ArrayList<>();
  private final List<List<String>> batches = new ArrayList<>();

  private StackEndProcess(Path directory, Configuration configuration) {
    this.directory = directory;
    this.configuration = configuration;
  }

  public static void main(String[] arguments) throws Exception {
    StackEndProcess process =
        new StackEndProcess(Path.of(arguments[0]), Configuration.valueOf(arguments[1]));
    try {
      process.run();
      System.out.println(GOOD);
    } finally {
      System.out.flush();
    }
    Runtime.getRuntime().halt(0);
  }

  private void run() throws Exception {
    KvStore<String, String> store = configuration.strings(directory).maxSegmentBytes(8192).open();
    for (StackEnd.Frame frame : StackEnd.Frame.values()) {
      writes(store, frame.toString());
      reads(store, frame);
    }
    StackEnd.onAnotherThread("the look at the end", () -> check(store));
    StackEnd.onAnotherThread("close", () -> closeOrSayWhyNot(store));
    if (configuration.isDurable()) {
      try (KvStore<String, String> again = configuration.strings(directory).open()) {
        check(again);
        again.put("again", VALUE);
      }
    }
  }

  private void writes(KvStore<String, String> store, String frame) throws Exception {
    String[] keys = keys("put " + frame);
    present(keys, calls("put", frame, i -> store.put(keys[i], VALUE)));
    useFromAnotherThread(store);
    String[] asyncKeys = keys("putAsync " + frame);
    calls("putAsync", frame, i -> store.putAsync(asyncKeys[i], VALUE));
    useFromAnotherThread(store);
    String[] ttlKeys = keys("ttl " + frame);
    present(ttlKeys, calls("put with ttl", frame, i -> store.put(ttlKeys[i], VALUE, TTL)));
    useFromAnotherThread(store);
    String[] computed = keys("compute " + frame);
    present(computed, calls("compute", frame, i -> store.compute(computed[i], (k, v) -> VALUE)));
    useFromAnotherThread(store);
    String[] deleted = keys("delete " + frame);
    if (isFilled(store, deleted)) {
      boolean[] done = calls("delete", frame, i -> store.delete(deleted[i]));
      for (int i = 0; i < done.length; i++) {
        if (done[i]) {
          absent.add(deleted[i]);
        }
      }
    }
    useFromAnotherThread(store);
    batches(store, frame);
  }

  private void batches(KvStore<String, String> store, String frame) throws Exception {
    String[] lefts = keys("left " + frame);
    String[] rights = keys("right " + frame);
    boolean[] done =
        calls(
            "write",
            frame,
            i -> store.write(store.batch().put(lefts[i], VALUE).put(rights[i], VALUE)));
    present(lefts, done);
    for (int i = 0; i < done.length; i++) {
      batches.add(List.of(lefts[i], rights[i]));
    }
    useFromAnotherThread(store);
  }

  private void reads(KvStore<String, String> store, StackEnd.Frame frame) throws Exception {
    String name = frame.toString();
    useFromAnotherThread(store);
    calls("get", name, i -> store.get("other"));
    calls("entry", name, i -> store.entry("other"));
    calls("iterator", name, i -> walk(store));
    calls("snapshot", name, i -> store.snapshot().close());
    calls("stats", name, i -> store.stats());
    calls("sync", name, i -> store.sync());
    calls("compact", name, i -> store.compact());
    useFromAnotherThread(store);
  }

  private static void walk(KvStore<String, String> store) {
    for (Entry<String, String> entry : store) {
      require(entry.value().equals(VALUE), "never written: " + entry);
      return;
    }
  }

  /** Calls it once with all the stack there is, for what happens once in a JVM, and then so. */
  private static boolean[] calls(String what, String frame, IntConsumer call)
      throws InterruptedException {
    try {
      call.accept(MAX_CALLS);
    } catch (KvStoreException e) {
      // after an error of before
    }
    return StackEnd.call(what, StackEnd.Frame.valueOf(frame), MAX_CALLS, call);
  }

  private static String[] keys(String prefix) {
    String[] keys = new String[MAX_CALLS + 1];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = prefix + " " + i;
    }
    return keys;
  }

  private void present(String[] keys, boolean[] done) {
    for (int i = 0; i < done.length; i++) {
      if (done[i]) {
        present.put(keys[i], VALUE);
      }
    }
  }

  private static boolean isFilled(KvStore<String, String> store, String[] keys) {
    try {
      for (String key : keys) {
        store.put(key, VALUE);
      }
      return true;
    } catch (KvStoreException e) {
      return false;
    }
  }

  private static void useFromAnotherThread(KvStore<String, String> store) throws Exception {
    StackEnd.onAnotherThread(
        "a write on another thread",
        () -> {
          try {
            store.put("other", VALUE);
            store.write(store.batch().put("other a", VALUE).put("other b", VALUE));
            store.delete("other a");
          } catch (KvStoreException e) {
            // refused, which is an answer too
          }
          store.get("other");
        });
  }

  private static void closeOrSayWhyNot(KvStore<String, String> store) {
    try {
      store.close();
    } catch (KvStoreException e) {
      // said
    }
    store.close();
  }

  private void check(KvStore<String, String> store) {
    present.forEach((key, value) -> require(Objects.equals(store.get(key), value), "lost: " + key));
    absent.forEach(key -> require(store.get(key) == null, "not deleted: " + key));
    batches.forEach(
        batch ->
            require(
                store.containsKey(batch.get(0)) == store.containsKey(batch.get(1)),
                "in parts: " + batch));
    store.forEach(entry -> require(entry.value().equals(VALUE), "never written: " + entry));
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }
}
