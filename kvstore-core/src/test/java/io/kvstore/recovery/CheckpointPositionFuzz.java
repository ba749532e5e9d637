package io.kvstore.recovery;

import io.kvstore.record.Location;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentState;
import io.kvstore.testing.Allocation;
import java.nio.ByteBuffer;

/** Fuzz target: any bytes are a position in a log that can be used and is read as it is written. */
public final class CheckpointPositionFuzz {
  private static final long MAX_ALLOCATED = 4 << 20;

  private CheckpointPositionFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    Allocation.within(MAX_ALLOCATED, () -> read(input));
  }

  private static void read(byte[] bytes) {
    CheckpointPosition read = CheckpointPosition.decode(ByteBuffer.wrap(bytes));
    if (read == null) {
      return;
    }
    if (!read.equals(CheckpointPosition.decode(read.encode()))) {
      throw new AssertionError(read + " is read as " + CheckpointPosition.decode(read.encode()));
    }
    for (SegmentState state : read.segments()) {
      long start = Location.of(state.place(), Segment.HEADER_BYTES);
      if (read.covered().test(start) != state.scan().end() > Segment.HEADER_BYTES) {
        throw new AssertionError("the records of " + state + " are not covered");
      }
    }
  }
}
