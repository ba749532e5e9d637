package io.kvstore.index;

import io.kvstore.segment.StressSegments;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A reader who finds a slot finds the record that it points at, and its segment. */
public final class SlotStress {
  private SlotStress() {}

  /** A record, and then its slot. */
  @JCStressTest
  @State
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not there yet")
  @Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "there")
  @Outcome(expect = Expect.FORBIDDEN, desc = "there without its record")
  public static class NewEntry extends IndexedState {
    /** Writes. */
    @Actor
    public void writer() {
      put(first, 1, 7);
    }

    /** Reads. */
    @Actor
    public void reader(I_Result r) {
      r.r1 = find(1);
    }
  }

  /** A segment, a record in it, and then its slot. */
  @JCStressTest
  @State
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not there yet")
  @Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "there")
  @Outcome(expect = Expect.FORBIDDEN, desc = "there without its segment or record")
  public static class NewSegment extends IndexedState {
    /** Writes. */
    @Actor
    public void writer() {
      put(segments.add(), 1, 7);
    }

    /** Reads. */
    @Actor
    public void reader(I_Result r) {
      r.r1 = find(1);
    }
  }

  /** Another value for a key that is there. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 1", "1, 7", "7, 7"},
      expect = Expect.ACCEPTABLE,
      desc = "one after the other")
  @Outcome(expect = Expect.FORBIDDEN, desc = "absent, or back to the earlier value")
  public static class Replaced extends IndexedState {
    /** One with the first value. */
    public Replaced() {
      put(first, 1, 1);
    }

    /** Writes. */
    @Actor
    public void writer() {
      put(first, 1, 7);
    }

    /** Reads twice. */
    @Actor
    public void reader(II_Result r) {
      r.r1 = find(1);
      r.r2 = find(1);
    }
  }

  /** A slot that is deleted and taken by another key, in the way of a search. */
  @JCStressTest
  @State
  @Outcome(
      id = {"2, -1", "2, 7"},
      expect = Expect.ACCEPTABLE,
      desc = "the other is always there")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the other is not found")
  public static class TakenAgain extends IndexedState {
    /** One with two keys that are looked for from the same slot on. */
    public TakenAgain() {
      put(first, 1, 1);
      put(first, 2, 2);
    }

    /** Deletes the first, and puts a third in its slot. */
    @Actor
    public void writer() {
      remove(1);
      put(first, 3, 7);
    }

    /** Reads the second, and then the third. */
    @Actor
    public void reader(II_Result r) {
      r.r1 = find(2);
      r.r2 = find(3);
    }
  }

  /** The place of a segment that has been compacted, taken by another. */
  @JCStressTest
  @State
  @Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "where it was, or where it has been moved")
  @Outcome(expect = Expect.FORBIDDEN, desc = "what took its place, or nothing")
  public static class PlaceReused extends IndexedState {
    private final long from = first.put(1, 7);
    private final StressSegments.Written second = segments.add();

    /** One with an entry in the first segment. */
    public PlaceReused() {
      point(1, from);
    }

    /** Moves the entry, and gives the place to a segment with an older record of the key. */
    @Actor
    public void compaction() {
      index.move(hash(1), from, second.put(1, 7));
      segments.drop(first);
      segments.add().put(1, 3);
    }

    /** Reads. */
    @Actor
    public void reader(I_Result r) {
      r.r1 = find(1);
    }
  }
}
