package io.kvstore.faults.script;

import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.Snapshot;
import io.kvstore.engine.SteppedDoor;
import io.kvstore.faults.CaseRun;
import io.kvstore.faults.Mode;
import io.kvstore.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A script of all other operations: compaction, sweep, checkpoint, backup, snapshots and a watch,
 * on a store that was closed cleanly.
 */
public final class UpkeepScript implements io.kvstore.faults.Script {
  private final Course<String> course =
      new Course<>(
          new Course.Setting(
              KvStoreBuilder.MIN_SEGMENT_BYTES, Long.MAX_VALUE, Course.Start.CLOSED, false),
          Form.strings(),
          UpkeepScript::play);

  @Override
  public void prepare(Path template, Mode mode) throws IOException {
    course.prepare(template, mode);
  }

  @Override
  public void run(CaseRun run) throws Exception {
    course.run(run);
  }

  private static void play(Session<String> session, ManualClock clock, Path beside)
      throws Exception {
    KvStore<String, String> store = session.store();
    Watching watching = new Watching(session);
    watching.start();
    overwrite(session, 8);
    session.putExpiring("e1");
    session.putExpiring("e2");
    AtomicReference<@Nullable Snapshot<String, String>> snapshot = new AtomicReference<>();
    session.calls().read("snapshot", () -> snapshot.set(store.snapshot()));
    Ledger then = new Ledger(session.ledger());
    overwrite(session, 8);
    session.delete("u1");
    backup(session, beside);
    compact(session);
    Snapshot<String, String> open = snapshot.get();
    if (open != null) {
      session.calls().read("snapshot", () -> check(open, then));
      session.calls().read("close of a snapshot", open::close);
    }
    clock.pass(Duration.ofSeconds(20));
    session.ledger().expire();
    compact(session);
    checkpoint(session);
    overwrite(session, 4);
    backup(session, beside);
    watching.end();
  }

  private static void overwrite(Session<String> session, int times) {
    for (int i = 0; i < times; i++) {
      session.put("u" + i % 3, 600);
    }
    session.batch("u", false);
  }

  private static void compact(Session<String> session) {
    session.calls().attempt("compact", session.store()::compact);
  }

  private static void check(Snapshot<String, String> snapshot, Ledger then) {
    Map<String, String> found = new TreeMap<>();
    snapshot.forEach(entry -> found.put(entry.key(), entry.value()));
    then.check("snapshot", Session.folded(found));
  }

  private static void checkpoint(Session<String> session) {
    if (session.calls().isDurable()) {
      session
          .calls()
          .attempt(
              "checkpoint",
              () -> session.calls().await("checkpoint", SteppedDoor.checkpoint(session.store())));
    }
  }

  private static void backup(Session<String> session, Path beside) {
    if (session.calls().isDurable()) {
      Path to = beside.resolveSibling("backup");
      session.calls().attempt("backup", () -> session.store().backup(to));
    }
  }
}
