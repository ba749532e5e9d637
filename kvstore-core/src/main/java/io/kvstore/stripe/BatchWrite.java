package io.kvstore.stripe;

import io.kvstore.BatchResult;
import io.kvstore.log.Log;
import io.kvstore.platform.SharedSync;
import io.kvstore.record.Change;
import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to write a batch, under the locks of all its stripes: decides, appends its changes as
 * one, and publishes them together. It has records of its own: another attempt may decide
 * differently.
 */
public final class BatchWrite {
  /**
   * The maximum number of attempts to apply one change to the index: memory may be lacking
   * temporarily.
   */
  private static final int MAX_SHOW_ATTEMPTS = 10;

  /** A batch with encoded keys and values. */
  public record Encoded(List<Check> checks, List<Change> changes) {}

  /** An encoded precondition on a key. */
  public static final class Check {
    private final byte[] key;
    private final Condition condition;

    public Check(byte[] key, Condition condition) {
      this.key = key;
      this.condition = condition;
    }

    byte[] key() {
      return key;
    }
  }

  /**
   * The result of writing a batch.
   *
   * @param done completes when all that the result depends on is as durable as the store promises
   */
  public record Written(BatchResult result, CompletableFuture<Void> done) {}

  private final Stripes stripes;
  private final Log log;
  private final Encoded batch;
  private final long[] hashes;

  /** The changes to append, and the hashes of their keys. */
  private final List<LogRecord> appended = new ArrayList<>();

  private final long[] appendedHashes;

  /** The number of changes to append of each stripe. */
  private final Map<Stripe, Integer> changed = new HashMap<>();

  /** The number of entries that each stripe may gain. */
  private final Map<Stripe, Integer> added = new HashMap<>();

  /**
   * The latest of the pending changes that the decision depends on; earlier ones are durable first.
   */
  private @Nullable LogRecord awaited;

  /**
   * @param hashes the hashes of the keys of all checks, then of all changes
   */
  BatchWrite(Stripes stripes, Log log, Encoded batch, long[] hashes) {
    this.stripes = stripes;
    this.log = log;
    this.batch = batch;
    this.hashes = hashes;
    this.appendedHashes = new long[batch.changes().size()];
  }

  Written run() {
    HeldStripes held = stripes.lock(hashes);
    try {
      log.failure().requireNone(); // as in an update of one key
      int failed = failedCheck();
      if (failed >= 0) {
        return written(BatchResult.refused(failed));
      }
      List<@Nullable LogRecord> outcomes = new ArrayList<>();
      boolean[] existed = decide(outcomes);
      if (!appended.isEmpty()) {
        append();
        awaited = appended.get(appended.size() - 1);
      }
      return written(applied(outcomes, existed));
    } finally {
      held.close();
    }
  }

  private Written written(BatchResult result) {
    return new Written(result, awaited == null ? SharedSync.DONE : awaited.done());
  }

  private int failedCheck() {
    for (int i = 0; i < batch.checks().size(); i++) {
      Check check = batch.checks().get(i);
      if (!check.condition.holds(current(hashes[i], check.key))) {
        return i;
      }
    }
    return -1;
  }

  private @Nullable PutRecord current(long hash, byte[] key) {
    LogRecord pending = stripes.stripe(hash).state().pending(hash, key);
    if (pending != null && (awaited == null || pending.sequence() > awaited.sequence())) {
      awaited = pending;
    }
    return stripes.stripe(hash).state().current(hash, key);
  }

  /**
   * Collects the changes to append: all except deletes of absent keys.
   *
   * @param outcomes receives each change, or null for one that is left out
   * @return for each change whether there was an entry before
   */
  private boolean[] decide(List<@Nullable LogRecord> outcomes) {
    int count = batch.changes().size();
    boolean[] existed = new boolean[count];
    Map<HashedKey, Change> own = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Change change = batch.changes().get(i);
      long hash = hashes[batch.checks().size() + i];
      Change before = count == 1 ? null : own.put(new HashedKey(hash, change.key()), change);
      existed[i] = before == null ? current(hash, change.key()) != null : !before.isDelete();
      LogRecord record = existed[i] || !change.isDelete() ? change.newRecord() : null;
      outcomes.add(record);
      if (record != null) {
        appendedHashes[appended.size()] = hash;
        appended.add(record);
        Stripe stripe = stripes.stripe(hash);
        changed.put(stripe, changed.getOrDefault(stripe, 0) + 1);
        if (before == null && !existed[i]) {
          added.put(stripe, added.getOrDefault(stripe, 0) + 1);
        }
      }
    }
    return existed;
  }

  private void append() {
    boolean[] superseded = HeldStripes.superseded(appended, appendedHashes);
    List<@Nullable LogRecord> before = new ArrayList<>();
    try {
      for (int i = 0; i < appended.size(); i++) {
        int others = added.getOrDefault(stripe(i), 1) - 1;
        int changes = changed.getOrDefault(stripe(i), 1);
        stripe(i).state().prepare(appendedHashes[i], appended.get(i), others, changes);
      }
      for (int i = 0; i < appended.size(); i++) {
        before.add(null);
        before.set(i, stripe(i).state().keep(appendedHashes[i], appended.get(i)));
      }
      if (appended.size() == 1) {
        log.append(appended.get(0));
      } else {
        log.append(appended);
      }
    } catch (Throwable e) {
      for (int i = before.size() - 1; i >= 0; i--) {
        stripe(i).state().undo(appendedHashes[i], appended.get(i), before.get(i));
      }
      throw e;
    }
    Throwable failed = null;
    for (int i = 0; i < appended.size(); i++) {
      failed = show(i, superseded[i], failed);
    }
    if (failed != null) {
      throw log.failure().noteUnexpected(failed);
    }
  }

  /**
   * Makes one change visible. The log has the whole batch by now, and readers must not see a part
   * of it, even of a store that has failed: so a failed step is repeated, and the others continue.
   *
   * @param failed the first error so far, or null
   * @return that, or the error of this step if there was none before
   */
  private @Nullable Throwable show(int i, boolean superseded, @Nullable Throwable failed) {
    Throwable first = failed;
    for (int attempt = 0; attempt < MAX_SHOW_ATTEMPTS; attempt++) {
      try {
        stripe(i).state().appended(appendedHashes[i], appended.get(i), superseded);
        return first;
      } catch (Throwable e) {
        first = first == null ? e : first;
      }
    }
    return first;
  }

  private Stripe stripe(int i) {
    return stripes.stripe(appendedHashes[i]);
  }

  private static BatchResult applied(List<@Nullable LogRecord> outcomes, boolean[] existed) {
    List<BatchResult.Outcome> list = new ArrayList<>();
    for (int i = 0; i < existed.length; i++) {
      LogRecord change = outcomes.get(i);
      list.add(new BatchResult.Outcome(change == null ? 0 : change.sequence(), existed[i]));
    }
    return BatchResult.applied(list);
  }
}
