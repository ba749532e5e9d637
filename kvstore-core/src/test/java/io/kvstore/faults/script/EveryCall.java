package io.kvstore.faults.script;

import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import java.time.Duration;
import java.util.List;

/** All kinds of writes and reads, one at a time and by several threads. */
final class EveryCall {
  private static final Duration TTL = Duration.ofSeconds(10);

  private EveryCall() {}

  static <V> void play(Session<V> session) throws Exception {
    for (int i = 0; i < 6; i++) {
      session.put("p" + i, 700);
    }
    session.delete("p1");
    session.delete("absent");
    session.batch("g", false);
    conditional(session);
    Calls.inParallel(2, i -> parallel(session, "t" + i));
    session.putAsync("a1", 700);
    session.putAsync("a2", 10);
    session.deleteAsync("p2");
    session.batch("ga", true);
    KvStore<String, V> store = session.store();
    session
        .calls()
        .attempt("syncAsync", () -> session.calls().await("syncAsync", store.syncAsync()));
    session.settle();
    session.putExpiring("p3");
    session.calls().attempt("sync", store::sync);
    reads(session);
    session.batch("g", false);
    session.readAll();
  }

  private static <V> void conditional(Session<V> session) {
    KvStore<String, V> store = session.store();
    String key = "c";
    String v1 = session.value(key, 10);
    String v2 = session.value(key, 20);
    String v3 = session.value(key, 30);
    session.change("putIfAbsent", key, v1, () -> store.putIfAbsent(key, session.of(v1)));
    session.decide(
        key,
        v1,
        v2,
        new Session.Decision("replace", () -> store.replace(key, session.of(v1), session.of(v2))));
    session.change("getAndPut", key, v3, () -> store.getAndPut(key, session.of(v3)));
    session.decide(
        key,
        v3,
        v2,
        new Session.Decision(
            "replaceVersion",
            () -> {
              var entry = store.entry(key);
              return entry != null && store.replaceVersion(key, entry.version(), session.of(v2));
            }));
    session.change("compute", key, v1, () -> store.compute(key, (k, v) -> session.of(v1)));
    session.decide(
        key, v1, null, new Session.Decision("delete", () -> store.delete(key, session.of(v1))));
    session.change("put", key, v2, () -> store.put(key, session.of(v2)));
    session.change("getAndDelete", key, null, () -> store.getAndDelete(key));
    session.change("compute of none", key, v3, () -> store.compute(key, (k, v) -> session.of(v3)));
    boolean certain = session.calls().attempt("touch", () -> store.touch(key, TTL));
    session.calls().read("remaining", () -> store.remaining(key));
    certain &= session.calls().attempt("persist", () -> store.persist(key));
    Session.Answering delete =
        () -> {
          var entry = store.entry(key);
          return entry != null && store.deleteVersion(key, entry.version());
        };
    if (certain) {
      session.decide(key, v3, null, new Session.Decision("deleteVersion", delete));
    } else {
      // Its version is not what it seems, if one of them waits for its sync.
      session.change("put", key, v2, () -> store.put(key, session.of(v2)));
    }
  }

  private static <V> void parallel(Session<V> session, String name) {
    for (int i = 0; i < 4; i++) {
      session.put(name + i % 2, 100);
      session.batch("group" + name, false);
      session.get(name + 0);
    }
    session.delete(name + 0);
  }

  private static <V> void reads(Session<V> session) {
    KvStore<String, V> store = session.store();
    session.get("p0");
    session.get("never");
    session.calls().read("view", () -> store.view("p0"));
    session.calls().read("getAll", () -> store.getAll(List.of("p0", "p4", "p1")));
    session.calls().read("containsKey", () -> store.containsKey("p4"));
    session.calls().read("first", () -> store.first(KeyRange.all()));
    session.calls().read("page", () -> store.page(KeyRange.all(), null, 5));
    session.calls().read("size", store::size);
  }
}
