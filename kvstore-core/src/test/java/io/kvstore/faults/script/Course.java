package io.kvstore.faults.script;

import io.kvstore.ClosedStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.StoreListener;
import io.kvstore.engine.SteppedDoor;
import io.kvstore.faults.CaseRun;
import io.kvstore.faults.FaultPoints;
import io.kvstore.faults.Mode;
import io.kvstore.testing.ManualClock;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The frame of all scripts: opens a store that has something in it, plays the scene, looks whether
 * the store goes on for another thread, closes it, and opens what it has left, as well as what a
 * crash just before would have left.
 */
final class Course {
  private static final int KEYS = 12;
  private static final int ROLLING_BYTES = 1_500;

  private final Setting setting;
  private final Scene scene;
  private final Map<Mode, Ledger> prepared = new EnumMap<>(Mode.class);

  /**
   * What kind of store it is.
   *
   * @param closed whether it was closed well before it is opened, or copied while it was open
   */
  record Setting(int maxSegmentBytes, long maxDiskBytes, boolean closed, boolean readOnly) {}

  /** What is done with the store. */
  @FunctionalInterface
  interface Scene {
    void play(Session session, ManualClock clock, Path beside) throws Exception;
  }

  Course(Setting setting, Scene scene) {
    this.setting = setting;
    this.scene = scene;
  }

  // ---- before any run

  void prepare(Path template, Mode mode) throws IOException {
    Ledger ledger = new Ledger();
    prepared.put(mode, ledger);
    if (!mode.isDurable()) {
      return;
    }
    CaseRun run = CaseRun.quiet(template, mode);
    Path open = setting.closed() ? template : template.resolveSibling(template + "-open");
    ManualClock clock = new ManualClock();
    KvStore<String, String> store = open(open, mode, clock, false);
    Session session = Session.sound(run, store, ledger);
    for (int i = 0; i < 2 * KEYS; i++) {
      session.put("old" + i % KEYS, 400);
      session.batch("oldgroup", false);
    }
    session.putExpiring("old-expiring");
    session.delete("old0");
    session.attempt("sync", store::sync);
    if (!setting.closed()) {
      StoreFiles.copy(open, template);
    }
    store.close();
  }

  // ---- a run

  void run(CaseRun run) throws Exception {
    Mode mode = run.mode();
    Ledger ledger = new Ledger(prepared.get(mode));
    ManualClock clock = new ManualClock();
    Path home = run.directory().resolve("store");
    Path crashed = run.directory().resolve("crashed");
    if (mode.isDurable()) {
      StoreFiles.copy(run.template(), home);
    }
    KvStore<String, String> store = tryOpen(run, home, clock);
    Map<String, String> left = null;
    if (store != null) {
      Session session = Session.failing(run, store, ledger);
      scene.play(session, clock, run.directory().resolve("beside"));
      session.settle();
      left = lookAt(session);
      if (mode.isDurable()) {
        run.step("copy of the files");
        StoreFiles.copy(home, crashed);
      }
      left = close(session) ? left : null;
    }
    FaultPoints.disarm();
    if (mode.isDurable()) {
      if (store != null) {
        reopen(run, crashed, clock, new Ledger(ledger));
      }
      Map<String, String> found = reopen(run, home, clock, ledger);
      if (left != null && !left.equals(found)) {
        throw new AssertionError(
            "closed with " + Ledger.shortened(left) + ", opened with " + Ledger.shortened(found));
      }
      reopen(run, home, clock, ledger);
    }
  }

  private @Nullable KvStore<String, String> tryOpen(CaseRun run, Path home, ManualClock clock) {
    run.step("open");
    try {
      return open(home, run.mode(), clock, setting.readOnly() && run.mode().isDurable());
    } catch (Throwable e) {
      Error thrown = run.thrown();
      if (thrown == null || !(e == thrown || e instanceof KvStoreException)) {
        throw new AssertionError("open threw " + e, e);
      }
      return null;
    }
  }

  private KvStore<String, String> open(Path home, Mode mode, ManualClock clock, boolean readOnly) {
    return SteppedDoor.open(
        new SteppedDoor.Opening(
            mode.isDurable() ? home : null,
            mode.isDurable() ? Durability.valueOf(mode.name()) : Durability.PROCESS,
            clock,
            setting.maxSegmentBytes(),
            setting.maxDiskBytes(),
            new StoreListener() {},
            readOnly));
  }

  /**
   * Uses the store on another thread, for which no lock may have been left behind. Returns what is
   * in it, if that is certain.
   */
  private @Nullable Map<String, String> lookAt(Session session) throws Exception {
    AtomicReference<@Nullable Map<String, String>> content = new AtomicReference<>();
    Session.onThread("checker", () -> content.set(look(session)));
    return content.get();
  }

  private @Nullable Map<String, String> look(Session session) {
    session.readAll();
    boolean certain = setting.readOnly() || change(session);
    Map<String, String> content = session.readAll();
    session.read("snapshot", () -> session.store().snapshot().close());
    session.read("stats", () -> session.store().stats());
    return certain ? content : null;
  }

  private static boolean change(Session session) {
    for (int i = 0; i < 4; i++) {
      session.put("look" + i % 2, ROLLING_BYTES);
    }
    session.delete("look0");
    session.batch("lookgroup", false);
    session.batch("lookgroup", false);
    session.attempt("compact", session.store()::compact);
    session.put("look1", ROLLING_BYTES);
    return session.attempt("sync", session.store()::sync);
  }

  /** Returns whether all went well. */
  private static boolean close(Session session) {
    KvStore<String, String> store = session.store();
    boolean closed = session.attempt("close", store::close);
    session.attempt("second close", store::close);
    session.attempt("get after close", () -> requireClosed(store));
    return closed;
  }

  private static void requireClosed(KvStore<String, String> store) {
    try {
      store.get("old1");
      throw new AssertionError("get after close has returned");
    } catch (ClosedStoreException e) {
      // as it must be
    }
  }

  private Map<String, String> reopen(CaseRun run, Path home, ManualClock clock, Ledger ledger) {
    run.step("open " + home.getFileName() + " again");
    KvStore<String, String> store;
    try {
      store = open(home, run.mode(), clock, false);
    } catch (Throwable e) {
      throw new AssertionError(home.getFileName() + " does not open again: " + e, e);
    }
    Session session = Session.sound(run, store, ledger);
    Map<String, String> found;
    try {
      found = session.readAll();
      session.put("again", ROLLING_BYTES);
      session.batch("againgroup", false);
      session.delete("old1");
      session.attempt("compact", store::compact);
      session.readAll();
    } finally {
      run.step("close again");
      store.close();
    }
    return found;
  }
}
