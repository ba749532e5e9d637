package io.kvstore.engine;

import io.kvstore.KvStore;
import io.kvstore.Snapshot;
import io.kvstore.codec.Codecs;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A snapshot that is opened beside a write shows all of it or nothing, and goes on doing so. */
public final class SnapshotStress {
  private static final KvStore<Long, Long> STORE =
      KvStore.builder(Codecs.longs(), Codecs.longs()).stripes(4).open();

  private static final AtomicLong KEYS = new AtomicLong();

  private SnapshotStress() {}

  /** Two keys of their own in a store that all share. */
  abstract static class TwoKeys {
    final long one = KEYS.addAndGet(2);
    final long other = one + 1;

    TwoKeys() {
      STORE.put(one, 1L);
      STORE.put(other, 1L);
    }

    static int value(Long found) {
      return found == null ? -1 : found.intValue();
    }

    final void forget() {
      STORE.delete(one);
      STORE.delete(other);
    }
  }

  /** Beside a put. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 1, 7", "7, 7, 7"},
      expect = Expect.ACCEPTABLE,
      desc = "the same each time")
  @Outcome(expect = Expect.FORBIDDEN, desc = "it changes, or what was put is lost")
  public static class Put extends TwoKeys {
    /** Writes. */
    @Actor
    public void writer() {
      STORE.put(one, 7L);
    }

    /** Reads twice from a snapshot. */
    @Actor
    public void reader(III_Result r) {
      try (Snapshot<Long, Long> snapshot = STORE.snapshot()) {
        r.r1 = value(snapshot.get(one));
        r.r2 = value(snapshot.get(one));
      }
    }

    /** Reads from the store afterwards. */
    @Arbiter
    public void look(III_Result r) {
      r.r3 = value(STORE.get(one));
      forget();
    }
  }

  /** Beside a batch of two. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 1, 7", "7, 7, 7"},
      expect = Expect.ACCEPTABLE,
      desc = "both or none")
  @Outcome(expect = Expect.FORBIDDEN, desc = "one without the other")
  public static class Batch extends TwoKeys {
    /** Writes. */
    @Actor
    public void writer() {
      STORE.write(STORE.batch().put(one, 7L).put(other, 7L));
    }

    /** Reads both from a snapshot. */
    @Actor
    public void reader(III_Result r) {
      try (Snapshot<Long, Long> snapshot = STORE.snapshot()) {
        r.r1 = value(snapshot.get(one));
        r.r2 = value(snapshot.get(other));
      }
    }

    /** Reads from the store afterwards. */
    @Arbiter
    public void look(III_Result r) {
      r.r3 = value(STORE.get(other));
      forget();
    }
  }

  /** Beside a delete. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 1, -1", "-1, -1, -1"},
      expect = Expect.ACCEPTABLE,
      desc = "the same each time")
  @Outcome(expect = Expect.FORBIDDEN, desc = "it changes, or the delete is lost")
  public static class Delete extends TwoKeys {
    /** Writes. */
    @Actor
    public void writer() {
      STORE.delete(one);
    }

    /** Reads twice from a snapshot. */
    @Actor
    public void reader(III_Result r) {
      try (Snapshot<Long, Long> snapshot = STORE.snapshot()) {
        r.r1 = value(snapshot.get(one));
        r.r2 = value(snapshot.get(one));
      }
    }

    /** Reads from the store afterwards. */
    @Arbiter
    public void look(III_Result r) {
      r.r3 = value(STORE.get(one));
      forget();
    }
  }
}
