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
 * The frame of all scripts: opens a store with entries, plays the scene, checks that the store
 * works for another thread, closes it, and reopens its files, and those that a crash just before
 * would have left.
 *
 * @param <V> the type of the store's values
 */
final class Course<V> {
  private static final int KEYS = 12;
  private static final int ROLLING_BYTES = 1_500;

  /** Less than what counts as a hang. */
  private static final long FREE_SECONDS = 2;

  private final Setting setting;
  private final Form<V> form;
  private final Scene<V> scene;
  private final Map<Mode, Ledger> prepared = new EnumMap<>(Mode.class);

  /**
   * The configuration of the store.
   *
   * @param start the state before it is opened
   */
  record Setting(int maxSegmentBytes, long maxDiskBytes, Start start, boolean readOnly) {}

  /** The state of a directory before a store is opened. */
  enum Start {
    /** Nothing. */
    MISSING,
    /** A store that was closed well. */
    CLOSED,
    /** One whose process has died. */
    CRASHED
  }

  /** The operations on the store. */
  @FunctionalInterface
  interface Scene<V> {
    void play(Session<V> session, ManualClock clock, Path beside) throws Exception;
  }

  Course(Setting setting, Form<V> form, Scene<V> scene) {
    this.setting = setting;
    this.form = form;
    this.scene = scene;
  }

  // ---- before any run

  void prepare(Path template, Mode mode) throws IOException {
    Ledger ledger = new Ledger();
    prepared.put(mode, ledger);
    if (!mode.isDurable() || setting.start() == Start.MISSING) {
      return;
    }
    CaseRun run = CaseRun.quiet(template, mode);
    Path open =
        setting.start() == Start.CLOSED ? template : template.resolveSibling(template + "-open");
    ManualClock clock = new ManualClock();
    KvStore<String, V> store = open(open, mode, clock, false);
    Session<V> session = new Session<>(Calls.sound(run), store, form, ledger);
    for (int i = 0; i < 2 * KEYS; i++) {
      session.put("old" + i % KEYS, 400);
      session.batch("oldgroup", false);
    }
    session.putExpiring("old-expiring");
    session.delete("old0");
    session.calls().attempt("sync", store::sync);
    if (setting.start() == Start.CRASHED) {
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
    if (mode.isDurable() && setting.start() != Start.MISSING) {
      StoreFiles.copy(run.template(), home);
    }
    KvStore<String, V> store = tryOpen(run, home, clock);
    Map<String, String> left = null;
    if (store != null) {
      Session<V> session = new Session<>(Calls.failing(run), store, form, ledger);
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

  private @Nullable KvStore<String, V> tryOpen(CaseRun run, Path home, ManualClock clock) {
    run.step("open");
    try {
      return open(home, run.mode(), clock, setting.readOnly() && run.mode().isDurable());
    } catch (Throwable e) {
      Error thrown = run.thrown();
      boolean isAnswer = e == thrown || e instanceof KvStoreException || FaultPoints.isLater(e);
      if (thrown == null || !isAnswer) {
        throw new AssertionError("open threw " + e, e);
      }
      return null;
    }
  }

  private KvStore<String, V> open(Path home, Mode mode, ManualClock clock, boolean readOnly) {
    return SteppedDoor.open(
        form.codec(),
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
  private @Nullable Map<String, String> lookAt(Session<V> session) throws Exception {
    AtomicReference<@Nullable Map<String, String>> content = new AtomicReference<>();
    Calls.onThread("checker", () -> content.set(look(session)));
    return content.get();
  }

  private @Nullable Map<String, String> look(Session<V> session) {
    session.readAll();
    boolean certain = setting.readOnly() || change(session);
    Map<String, String> content = session.readAll();
    session.calls().read("snapshot", () -> session.store().snapshot().close());
    session.calls().read("stats", () -> session.store().stats());
    return certain ? content : null;
  }

  private boolean change(Session<V> session) {
    for (int i = 0; i < 4; i++) {
      session.put("look" + i % 2, ROLLING_BYTES);
    }
    session.delete("look0");
    session.batch("lookgroup", false);
    session.batch("lookgroup", false);
    session.calls().attempt("compact", session.store()::compact);
    session.put("look1", ROLLING_BYTES);
    return session.calls().attempt("sync", session.store()::sync);
  }

  /** Returns whether all went well. */
  private boolean close(Session<V> session) {
    KvStore<String, V> store = session.store();
    boolean closed = session.calls().attempt("close", store::close);
    session.calls().attempt("second close", store::close);
    session.calls().attempt("get after close", () -> requireClosed(store));
    return closed;
  }

  private void requireClosed(KvStore<String, V> store) {
    try {
      store.get("old1");
      throw new AssertionError("get after close has returned");
    } catch (ClosedStoreException e) {
      // as it must be
    }
  }

  private Map<String, String> reopen(CaseRun run, Path home, ManualClock clock, Ledger ledger) {
    run.step("open " + home.getFileName() + " again");
    KvStore<String, V> store;
    try {
      store = Reopened.within(FREE_SECONDS, () -> open(home, run.mode(), clock, false));
    } catch (Throwable e) {
      throw new AssertionError(home.getFileName() + " does not open again: " + e, e);
    }
    Session<V> session = new Session<>(Calls.sound(run), store, form, ledger);
    Map<String, String> found;
    try {
      found = session.readAll();
      session.put("again", ROLLING_BYTES);
      session.batch("againgroup", false);
      session.delete("old1");
      session.calls().attempt("compact", store::compact);
      session.readAll();
    } finally {
      run.step("close again");
      store.close();
    }
    return found;
  }
}
