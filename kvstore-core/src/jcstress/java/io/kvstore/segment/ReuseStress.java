package io.kvstore.segment;

import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Bytes of a dropped segment are overwritten while they are read. */
public class ReuseStress {
  private static final int VALUE_BYTES = 64;
  private static final int AT = Segment.HEADER_BYTES;

  private ReuseStress() {}

  /** A segment with one record, of which all bytes of the value are the same. */
  abstract static class Reused {
    private final ByteBuffer bytes = ByteBuffer.allocate(256);
    final Segment segment =
        new Segment(new SegmentHeader(1, 256, 0, SegmentHeader.LOG), null, bytes, null);

    Reused() {
      write((byte) 1);
    }

    final void write(byte value) {
      byte[] all = new byte[VALUE_BYTES];
      java.util.Arrays.fill(all, value);
      LogRecord record = LogRecord.put(new byte[] {'k'}, all);
      record.number(1);
      RecordFormat.write(segment.writable(), AT, record);
    }

    final RecordView record() {
      return new RecordView(segment, AT);
    }
  }

  /** A reader without a lock finds the old value or learns that it is gone. */
  @JCStressTest
  @State
  @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "the old value")
  @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "it is gone")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a new byte, or none")
  public static class Reader extends Reused {
    /** Reads the value, and looks at its first and its last byte. */
    @Actor
    public void reader(III_Result r) {
      try {
        byte[] value = record().value();
        r.r1 = value[0];
        r.r2 = value[VALUE_BYTES - 1];
      } catch (SegmentReused e) {
        r.r3 = 1;
      }
    }

    /** Uses the segment again. */
    @Actor
    public void writer() {
      if (segment.use().end()) {
        write((byte) 2);
      }
    }
  }

  /** Who holds a segment reads the old value, however often; who is too late learns it. */
  @JCStressTest
  @State
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "held in time")
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "too late")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a new byte in spite of the hold")
  public static class Holder extends Reused {
    /** Holds the segment and reads. */
    @Actor
    public void reader(II_Result r) {
      if (segment.use().hold()) {
        ByteBuffer view = segment.valueView(AT);
        r.r1 = view.get(0);
        r.r2 = view.get(VALUE_BYTES - 1);
      }
    }

    /** Uses the segment again, if nobody holds it. */
    @Actor
    public void writer() {
      if (segment.use().end()) {
        write((byte) 2);
      }
    }
  }
}
