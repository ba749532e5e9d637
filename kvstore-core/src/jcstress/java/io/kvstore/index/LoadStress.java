package io.kvstore.index;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** An index that is loaded when it is first needed has its entries for everybody from the start. */
public final class LoadStress {
  private LoadStress() {}

  /** An index with two entries that are not loaded yet. */
  abstract static class NotLoaded extends IndexedState {
    NotLoaded() {
      ByteBuffer slots = ByteBuffer.allocate(2 * Long.BYTES);
      slots.putLong(Slot.of(hash(1), first.put(1, 1))).putLong(Slot.of(hash(2), first.put(2, 2)));
      CRC32C crc = new CRC32C();
      crc.update(slots.flip().duplicate());
      Path file = Path.of(IndexCheckpoint.FILE);
      index.restoreLater(new StoredSlots(file, 0, 2, (int) crc.getValue(), slots));
    }
  }

  /** Two readers who both need it. */
  @JCStressTest
  @State
  @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "both find theirs")
  @Outcome(expect = Expect.FORBIDDEN, desc = "an entry is not found")
  public static class TwoReaders extends NotLoaded {
    /** Reads one. */
    @Actor
    public void one(II_Result r) {
      r.r1 = find(1);
    }

    /** Reads the other. */
    @Actor
    public void other(II_Result r) {
      r.r2 = find(2);
    }
  }

  /** A reader, and a writer who puts a third. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, -1, 7", "1, 7, 7"},
      expect = Expect.ACCEPTABLE,
      desc = "nothing is lost")
  @Outcome(expect = Expect.FORBIDDEN, desc = "an entry is lost, or what was put")
  public static class Writer extends NotLoaded {
    /** Puts, under the lock of its stripe. */
    @Actor
    public void writer() {
      index.ensureRoom(1);
      put(first, 3, 7);
    }

    /** Reads an old one and the new one. */
    @Actor
    public void reader(III_Result r) {
      r.r1 = find(1);
      r.r2 = find(3);
    }

    /** Reads the new one afterwards. */
    @Arbiter
    public void look(III_Result r) {
      r.r3 = find(3);
    }
  }

  /** A writer beside the thread that loads all indexes after an opening. */
  @JCStressTest
  @State
  @Outcome(id = "1, 7, 3", expect = Expect.ACCEPTABLE, desc = "nothing is lost")
  @Outcome(expect = Expect.FORBIDDEN, desc = "an entry is lost, or what was put")
  public static class Loader extends NotLoaded {
    /** Puts, under the lock of its stripe. */
    @Actor
    public void writer() {
      index.ensureRoom(1);
      put(first, 3, 7);
    }

    /** Loads. */
    @Actor
    public void loader() {
      index.load();
    }

    /** Reads all afterwards. */
    @Arbiter
    public void look(III_Result r) {
      r.r1 = find(1);
      r.r2 = find(3);
      r.r3 = index.entries();
    }
  }
}
