package io.kvstore.faults.script;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.faults.CaseRun;
import io.kvstore.faults.FaultPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one store, with the ledger of what they can have done. A call may fail only once a step
 * has thrown: with what that threw, once, or, if it writes, with the store's exception. A read goes
 * on, and finds nothing that was never written.
 */
final class Session {
  /** The keys of a batch start with its group's name and this. */
  static final String MEMBER = "/";

  private static final Duration TTL = Duration.ofSeconds(10);

  private final CaseRun run;
  private final KvStore<String, String> store;
  private final Ledger ledger;
  private final Supplier<@Nullable Error> thrown;
  private volatile boolean canFill;
  private final AtomicInteger count = new AtomicInteger();

  /** Whether the error has reached a caller. */
  private final AtomicBoolean surfaced = new AtomicBoolean();

  /** Futures that nobody has waited for yet, with what they stand for. */
  private final List<Outstanding> outstanding = new ArrayList<>();

  private record Outstanding(
      String what, String key, @Nullable String value, CompletableFuture<?> future) {}

  /** Something that may throw. */
  @FunctionalInterface
  interface Call {
    void run() throws Exception;
  }

  private Session(
      CaseRun run, KvStore<String, String> store, Ledger ledger, Supplier<@Nullable Error> thrown) {
    this.run = run;
    this.store = store;
    this.ledger = ledger;
    this.thrown = thrown;
  }

  /** Of a store in which a step may throw. */
  static Session failing(CaseRun run, KvStore<String, String> store, Ledger ledger) {
    return new Session(run, store, ledger, run::thrown);
  }

  /** Of a store in which nothing may fail. */
  static Session sound(CaseRun run, KvStore<String, String> store, Ledger ledger) {
    return new Session(run, store, ledger, () -> null);
  }

  KvStore<String, String> store() {
    return store;
  }

  Ledger ledger() {
    return ledger;
  }

  /** Returns a value that nothing else has. */
  String value(String key, int bytes) {
    return key + "#" + count.incrementAndGet() + ".".repeat(bytes);
  }

  // ---- changes

  void put(String key, int bytes) {
    String value = value(key, bytes);
    change("put " + key, key, value, () -> store.put(key, value));
  }

  void putExpiring(String key) {
    String value = value(key, 100) + Ledger.EXPIRES;
    change("put with ttl " + key, key, value, () -> store.put(key, value, TTL));
  }

  void delete(String key) {
    change("delete " + key, key, null, () -> store.delete(key));
  }

  /** Puts a value, and returns whether that was acknowledged. */
  boolean changed(String what, String key, String value) {
    ledger.mayBe(key, value);
    boolean done = attempt(what, () -> store.put(key, value));
    if (done) {
      ledger.is(key, value);
    }
    return done;
  }

  boolean isDurable() {
    return run.mode().isDurable();
  }

  /** Says what is waited for. */
  void doing(String what) {
    run.step(what);
  }

  /** Does what changes one entry, and what its answer tells of it does not matter. */
  void change(String what, String key, @Nullable String value, Call call) {
    ledger.mayBe(key, value);
    if (attempt(what, call)) {
      ledger.is(key, value);
    }
  }

  void putAsync(String key, int bytes) {
    String value = value(key, bytes);
    later("putAsync " + key, key, value, () -> store.putAsync(key, value));
  }

  void deleteAsync(String key) {
    later("deleteAsync " + key, key, null, () -> store.deleteAsync(key));
  }

  /** Something that completes later. */
  @FunctionalInterface
  private interface Start {
    CompletableFuture<?> start();
  }

  private void later(String what, String key, @Nullable String value, Start start) {
    attempt(
        what,
        () -> {
          ledger.mayBe(key, value);
          outstanding.add(new Outstanding(what, key, value, start.start()));
        });
  }

  /** Waits for all that completes later. */
  void settle() {
    for (Outstanding each : outstanding) {
      if (await("the answer of " + each.what(), each.future())) {
        ledger.is(each.key(), each.value());
      }
    }
    outstanding.clear();
  }

  /** Waits for a future, which completes in any case. */
  boolean await(String what, CompletableFuture<?> future) {
    run.step(what);
    try {
      future.join();
      return true;
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      Error error = thrown.get();
      if (error == null || !(cause == error || cause instanceof KvStoreException)) {
        throw new AssertionError(what + " failed with " + cause, cause);
      }
      return false;
    }
  }

  /** Does what is decided in the store: true if the answer says so. */
  void decide(String key, String expected, @Nullable String value, Decision decision) {
    String what = decision.what() + " " + key;
    boolean[] answer = new boolean[1];
    boolean known = ledger.isKnown(key) && expected.equals(ledger.known(key));
    ledger.mayBe(key, value);
    if (attempt(what, () -> answer[0] = decision.call().decide())) {
      if (answer[0]) {
        ledger.check(what + " has found what it expected", key, expected);
        ledger.is(key, value);
      } else if (known) {
        throw new AssertionError(what + " has not found what is there");
      }
    }
  }

  /** A call that decides. */
  record Decision(String what, Answering call) {}

  /** What answers yes or no. */
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

  private Batch<String, String> batchOf(String group, String value) {
    Batch<String, String> batch = store.batch();
    batch.put(group + MEMBER + 0, value).put(group + MEMBER + 1, value);
    return hasThird(value)
        ? batch.put(group + MEMBER + 2, value)
        : batch.delete(group + MEMBER + 2);
  }

  /** Lets the store be full at times. */
  void mayFill() {
    canFill = true;
  }

  private static boolean hasThird(String value) {
    return (value.charAt(value.indexOf('.') - 1) & 1) == 1;
  }

  // ---- reads

  void get(String key) {
    read("get " + key, () -> ledger.check("get", key, store.get(key)));
  }

  /** Reads everything, in every way, and returns what there is, or null if a step has thrown. */
  @Nullable Map<String, String> readAll() {
    Map<String, String> walked = new TreeMap<>();
    boolean done = read("iterator", () -> store.forEach(e -> add(walked, e)));
    Map<String, String> scanned = new TreeMap<>();
    done &= read("scan", () -> store.scan(KeyRange.all()).forEach(e -> add(scanned, e)));
    Map<String, String> got = new TreeMap<>();
    done &= read("get of all", () -> getAll(got));
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
      String value = store.get(key);
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

  private static void add(Map<String, String> to, Entry<String, String> entry) {
    if (to.put(entry.key(), entry.value()) != null) {
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

  // ---- the rest

  /** Calls what reads, and returns whether it has done so. */
  boolean read(String what, Call call) {
    return attempt(what, true, call);
  }

  /** Calls what writes, or does not belong to reading, and returns whether it has succeeded. */
  boolean attempt(String what, Call call) {
    return attempt(what, false, call);
  }

  private boolean attempt(String what, boolean reads, Call call) {
    run.step(what);
    try {
      call.run();
      return true;
    } catch (AssertionError e) {
      throw e;
    } catch (Throwable e) {
      requireAllowed(what, reads, e);
      return false;
    }
  }

  private void requireAllowed(String what, boolean reads, Throwable e) {
    Error error = thrown.get();
    boolean allowed;
    if (e == error) {
      allowed = surfaced.compareAndSet(false, true);
    } else if (e instanceof StoreFullException) {
      allowed = canFill || (error != null && !reads);
    } else {
      allowed = e instanceof KvStoreException && error != null && !reads;
    }
    if (!allowed) {
      throw new AssertionError(what + " threw " + e, e);
    }
  }

  /** Runs something on another thread, and waits for it. */
  static void onThread(String name, Call task) throws Exception {
    FutureTask<Void> result =
        new FutureTask<>(
            () -> {
              task.run();
              return null;
            });
    Thread thread = new Thread(result, name);
    thread.setDaemon(true);
    thread.start();
    get(result);
  }

  /** Runs something on several callers' threads at once, and waits for all. */
  static void inParallel(int threads, IntConsumer task) throws Exception {
    List<FutureTask<Void>> results = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      FutureTask<Void> result = new FutureTask<>(() -> task.accept(number), null);
      Thread thread = new Thread(result, FaultPoints.CALLER + " " + i);
      thread.setDaemon(true);
      thread.start();
      results.add(result);
    }
    for (FutureTask<Void> result : results) {
      get(result);
    }
  }

  private static void get(FutureTask<Void> result) throws InterruptedException {
    try {
      result.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    }
  }
}
