package io.kvstore.faults.script;

import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.faults.CaseRun;
import io.kvstore.faults.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Every kind of write, and of read, on a store that has died: one at a time, and by several. */
public final class WritesScript implements io.kvstore.faults.Script {
  private static final Duration TTL = Duration.ofSeconds(10);

  private final Course course =
      new Course(
          new Course.Setting(KvStoreBuilder.MIN_SEGMENT_BYTES, Long.MAX_VALUE, false, false),
          (session, clock, beside) -> play(session));

  @Override
  public void prepare(Path template, Mode mode) throws IOException {
    course.prepare(template, mode);
  }

  @Override
  public void run(CaseRun run) throws Exception {
    course.run(run);
  }

  private static void play(Session session) throws Exception {
    for (int i = 0; i < 6; i++) {
      session.put("p" + i, 700);
    }
    session.delete("p1");
    session.delete("absent");
    session.batch("g", false);
    conditional(session);
    Session.inParallel(2, i -> parallel(session, "t" + i));
    session.putAsync("a1", 700);
    session.putAsync("a2", 10);
    session.deleteAsync("p2");
    session.batch("ga", true);
    KvStore<String, String> store = session.store();
    session.attempt("syncAsync", () -> session.await("syncAsync", store.syncAsync()));
    session.settle();
    session.putExpiring("p3");
    session.attempt("sync", store::sync);
    reads(session);
    session.batch("g", false);
    session.readAll();
  }

  private static void conditional(Session session) {
    KvStore<String, String> store = session.store();
    String key = "c";
    String v1 = session.value(key, 10);
    String v2 = session.value(key, 20);
    String v3 = session.value(key, 30);
    session.change("putIfAbsent", key, v1, () -> store.putIfAbsent(key, v1));
    session.decide(key, v1, v2, new Session.Decision("replace", () -> store.replace(key, v1, v2)));
    session.change("getAndPut", key, v3, () -> store.getAndPut(key, v3));
    session.decide(
        key,
        v3,
        v2,
        new Session.Decision(
            "replaceVersion",
            () -> {
              var entry = store.entry(key);
              return entry != null && store.replaceVersion(key, entry.version(), v2);
            }));
    session.change("compute", key, v1, () -> store.compute(key, (k, v) -> v1));
    session.decide(key, v1, null, new Session.Decision("delete", () -> store.delete(key, v1)));
    session.change("put", key, v2, () -> store.put(key, v2));
    session.change("getAndDelete", key, null, () -> store.getAndDelete(key));
    session.change("compute of none", key, v3, () -> store.compute(key, (k, v) -> v3));
    session.attempt("touch", () -> store.touch(key, TTL));
    session.read("remaining", () -> store.remaining(key));
    session.attempt("persist", () -> store.persist(key));
    session.decide(
        key,
        v3,
        null,
        new Session.Decision(
            "deleteVersion",
            () -> {
              var entry = store.entry(key);
              return entry != null && store.deleteVersion(key, entry.version());
            }));
  }

  private static void parallel(Session session, String name) {
    for (int i = 0; i < 4; i++) {
      session.put(name + i % 2, 100);
      session.batch("group" + name, false);
      session.get(name + 0);
    }
    session.delete(name + 0);
  }

  private static void reads(Session session) {
    KvStore<String, String> store = session.store();
    session.get("p0");
    session.get("never");
    session.read("view", () -> store.view("p0"));
    session.read("getAll", () -> store.getAll(List.of("p0", "p4", "p1")));
    session.read("containsKey", () -> store.containsKey("p4"));
    session.read("first", () -> store.first(KeyRange.all()));
    session.read("page", () -> store.page(KeyRange.all(), null, 5));
    session.read("size", store::size);
  }
}
