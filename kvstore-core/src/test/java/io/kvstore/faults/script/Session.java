package io.kvstore.faults.script;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The changes and reads of one store, with the ledger of their possible effects.
 *
 * @param <V> the type of the values
 */
final class Session<V> {
  /** The keys of a batch start with its group's name and this. */
  static final String MEMBER = "/";

  private static final Duration TTL = Duration.ofSeconds(10);

  private final Calls calls;
  private final KvStore<String, V> store;
  private final Form<V> form;
  private final Ledger ledger;
  private final AtomicInteger count = new AtomicInteger();

  /** Futures that nobody has waited for yet, with what they stand for. */
  private final List<Outstanding> outstanding = new ArrayList<>();

  private record Outstanding(
      String what, String key, @Nullable String value, CompletableFuture<?> future) {}

  Session(Calls calls, KvStore<String, V> store, Form<V> form, Ledger ledger) {
    this.calls = calls;
    this.store = store;
    this.form = form;
    this.ledger = ledger;
  }

  Calls calls() {
    return calls;
  }

  KvStore<String, V> store() {
    return store;
  }

  Ledger ledger() {
    return ledger;
  }

  /** Returns the value that stands for a text. */
  V of(String text) {
    return form.of().apply(text);
  }

  /** Returns the text of a value, or null for none. */
  @Nullable String text(@Nullable V value) {
    return value == null ? null : form.text().apply(value);
  }

  /** Returns a value that nothing else has. */
  String value(String key, int bytes) {
    return key + "#" + count.incrementAndGet() + ".".repeat(bytes);
  }

  // ---- changes

  void put(String key, int bytes) {
    String value = value(key, bytes);
    change("put " + key, key, value, () -> store.put(key, of(value)));
  }

  void putExpiring(String key) {
    String value = value(key, 100) + Ledger.EXPIRES;
    change("put with ttl " + key, key, value, () -> store.put(key, of(value), TTL));
  }

  void delete(String key) {
    change("delete " + key, key, null, () -> store.delete(key));
  }

  /** Puts a value, and returns whether that was acknowledged. */
  boolean changed(String what, String key, String value) {
    ledger.mayBe(key, value);
    boolean done = calls.attempt(what, () -> store.put(key, of(value)));
    if (done) {
      ledger.is(key, value);
    }
    return done;
  }

  /** Does what changes one entry, and what its answer tells of it does not matter. */
  void change(String what, String key, @Nullable String value, Calls.Call call) {
    ledger.mayBe(key, value);
    if (calls.attempt(what, call)) {
      ledger.is(key, value);
    }
  }

  void putAsync(String key, int bytes) {
    String value = value(key, bytes);
    later("putAsync " + key, key, value, () -> store.putAsync(key, of(value)));
  }

  void deleteAsync(String key) {
    later("deleteAsync " + key, key, null, () -> store.deleteAsync(key));
  }

  /** An asynchronous call. */
  @FunctionalInterface
  private interface Start {
    CompletableFuture<?> start();
  }

  private void later(String what, String key, @Nullable String value, Start start) {
    calls.attempt(
        what,
        () -> {
          ledger.mayBe(key, value);
          outstanding.add(new Outstanding(what, key, value, start.start()));
        });
  }

  /** Waits for all that completes later. */
  void settle() {
    for (Outstanding each : outstanding) {
      if (calls.await("the answer of " + each.what(), each.future())) {
        ledger.is(each.key(), each.value());
      }
    }
    outstanding.clear();
  }

  /** Does what is decided in the store: true if the answer says so. */
  void decide(String key, String expected, @Nullable String value, Decision decision) {
    String what = decision.what() + " " + key;
    boolean[] answer = new boolean[1];
    boolean known = ledger.isKnown(key) && expected.equals(ledger.known(key));
    ledger.mayBe(key, value);
    if (calls.attempt(what, () -> answer[0] = decision.call().decide())) {
      if (answer[0]) {
        ledger.check(what + " has found what it expected", key, expected);
        ledger.is(key, value);
      } else if (known) {
        throw new AssertionError(what + " has not found what is there");
      }
    }
  }

  /** A conditional call. */
  record Decision(String what, Answering call) {}

  /** A call with a boolean result. */
  @FunctionalInterface
  interface Answering {
    boolean decide();
  }

  /** Writes a batch into a group of three keys: the third is put, or deleted, by turns. */
  void batch(String group, boolean async) {
    String value = value(group, 200);
    if (async) {
      later("writeAsync " + group, group, value, () -> store.writeAsync(batchOf(group, value)));
    } else {
      change("write " + group, group, value, () -> write(group, value));
    }
  }

  private void write(String group, String value) {
    BatchResult result = store.write(batchOf(group, value));
    if (!result.applied()) {
      throw new AssertionError("a batch without preconditions was refused");
    }
  }

  private Batch<String, V> batchOf(String group, String value) {
    Batch<String, V> batch = store.batch();
    batch.put(group + MEMBER + 0, of(value)).put(group + MEMBER + 1, of(value));
    return hasThird(value)
        ? batch.put(group + MEMBER + 2, of(value))
        : batch.delete(group + MEMBER + 2);
  }

  private static boolean hasThird(String value) {
    return (value.charAt(value.indexOf('.') - 1) & 1) == 1;
  }

  // ---- reads

  void get(String key) {
    calls.read("get " + key, () -> ledger.check("get", key, text(store.get(key))));
  }

  /** Reads everything, in every way, and returns what there is, or null if a step has thrown. */
  @Nullable Map<String, String> readAll() {
    Map<String, String> walked = new TreeMap<>();
    boolean done = calls.read("iterator", () -> store.forEach(e -> add(walked, e)));
    Map<String, String> scanned = new TreeMap<>();
    done &= calls.read("scan", () -> store.scan(KeyRange.all()).forEach(e -> add(scanned, e)));
    Map<String, String> got = new TreeMap<>();
    done &= calls.read("get of all", () -> getAll(got));
    if (!done) {
      return null;
    }
    requireSame("a scan in order", scanned, got);
    requireSame("an iterator", walked, got);
    ledger.check("read", folded(got));
    return got;
  }

  private void getAll(Map<String, String> got) {
    List<String> keys = new ArrayList<>();
    for (String key : ledger.keys()) {
      keys.addAll(List.of(key, key + MEMBER + 0, key + MEMBER + 1, key + MEMBER + 2));
    }
    for (String key : keys) {
      String value = text(store.get(key));
      if (value != null) {
        got.put(key, value);
      }
    }
  }

  private static void requireSame(String what, Map<String, String> one, Map<String, String> got) {
    if (!one.equals(got)) {
      throw new AssertionError(
          what + " finds " + Ledger.shortened(one) + ", get " + Ledger.shortened(got));
    }
  }

  private void add(Map<String, String> to, Entry<String, V> entry) {
    if (to.put(entry.key(), form.text().apply(entry.value())) != null) {
      throw new AssertionError("twice in one walk: " + entry.key());
    }
  }

  /**
   * Returns the entries with one for each group in the place of its members; checks it is whole.
   */
  static Map<String, String> folded(Map<String, String> entries) {
    Map<String, String> folded = new TreeMap<>();
    Map<String, String> members = new TreeMap<>();
    entries.forEach((k, v) -> (k.contains(MEMBER) ? members : folded).put(k, v));
    members.forEach(
        (member, value) -> {
          String group = member.substring(0, member.indexOf(MEMBER));
          Map<String, String> whole = new TreeMap<>();
          whole.put(group + MEMBER + 0, value);
          whole.put(group + MEMBER + 1, value);
          if (hasThird(value)) {
            whole.put(group + MEMBER + 2, value);
          }
          Map<String, String> found = new TreeMap<>(members);
          found.keySet().removeIf(key -> !key.startsWith(group + MEMBER));
          if (!found.equals(whole)) {
            throw new AssertionError("a batch in parts: " + Ledger.shortened(found));
          }
          folded.put(group, value);
        });
    return folded;
  }
}
