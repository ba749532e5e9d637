package io.kvstore.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An index that grows under its readers loses no entry, and shows none that was removed. */
public final class GrowthStress {
  private GrowthStress() {}

  /** One entry more than there is room for. */
  @JCStressTest
  @State
  @Outcome(
      id = {"3, -1", "3, 77"},
      expect = Expect.ACCEPTABLE,
      desc = "the others are there")
  @Outcome(expect = Expect.FORBIDDEN, desc = "an entry is lost while the index grows")
  public static class Put extends IndexedState {
    /** A full one. */
    public Put() {
      fill();
    }

    /** Grows, and puts. */
    @Actor
    public void writer() {
      index.ensureRoom(1);
      put(segments.add(), 20, 77);
    }

    /** Reads an old entry and the new one. */
    @Actor
    public void reader(II_Result r) {
      r.r1 = find(3);
      r.r2 = find(20);
    }
  }

  /** An entry that is replaced as soon as the index has grown. */
  @JCStressTest
  @State
  @Outcome(
      id = {"3, 3", "3, 77", "77, 77"},
      expect = Expect.ACCEPTABLE,
      desc = "in order")
  @Outcome(expect = Expect.FORBIDDEN, desc = "lost, or back to the earlier value")
  public static class Replace extends IndexedState {
    /** A full one. */
    public Replace() {
      fill();
    }

    /** Grows, and replaces. */
    @Actor
    public void writer() {
      index.ensureRoom(1);
      put(segments.add(), 3, 77);
    }

    /** Reads twice. */
    @Actor
    public void reader(II_Result r) {
      r.r1 = find(3);
      r.r2 = find(3);
    }
  }

  /** An entry that is removed before the index grows, and put again after it. */
  @JCStressTest
  @State
  @Outcome(
      id = {"3, 3", "3, -1", "3, 77", "-1, -1", "-1, 77", "77, 77"},
      expect = Expect.ACCEPTABLE,
      desc = "in order")
  @Outcome(expect = Expect.FORBIDDEN, desc = "back to what was removed")
  public static class Remove extends IndexedState {
    /** A full one. */
    public Remove() {
      fill();
    }

    /** Removes, grows, and puts. */
    @Actor
    public void writer() {
      remove(3);
      index.ensureRoom(FULL);
      put(segments.add(), 3, 77);
    }

    /** Reads twice. */
    @Actor
    public void reader(II_Result r) {
      r.r1 = find(3);
      r.r2 = find(3);
    }
  }

  /** A walk over all entries while the index grows and gets one more. */
  @JCStressTest
  @State
  @Outcome(
      id = {"9, 45", "10, 122"},
      expect = Expect.ACCEPTABLE,
      desc = "each once")
  @Outcome(expect = Expect.FORBIDDEN, desc = "an entry twice, or not at all")
  public static class Walk extends IndexedState {
    /** A full one. */
    public Walk() {
      fill();
    }

    /** Grows, and puts. */
    @Actor
    public void writer() {
      index.ensureRoom(1);
      put(segments.add(), 20, 77);
    }

    /** Adds up all values. */
    @Actor
    public void reader(II_Result r) {
      IndexScan.records(index, 0, Slot.TAGS)
          .forEach(
              record -> {
                r.r1++;
                r.r2 += record.value()[0];
              });
    }
  }
}
