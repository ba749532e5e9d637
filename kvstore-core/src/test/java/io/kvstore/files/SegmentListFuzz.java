package io.kvstore.files;

import io.kvstore.CorruptStoreException;
import io.kvstore.record.Location;
import io.kvstore.testing.Allocation;
import io.kvstore.testing.ScratchFiles;
import io.kvstore.testing.SealedText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * The fuzz target of the segment list: any file is a list that survives a round trip, or is
 * rejected.
 */
public final class SegmentListFuzz {
  private static final ScratchFiles FILES = ScratchFiles.create();

  /** Four lists, read twice and written once, each a range of twice the segments there may be. */
  private static final long MAX_ALLOCATED = 4 * 2 * 500L * Location.MAX_SEGMENTS;

  private SegmentListFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    Allocation.within(MAX_ALLOCATED, () -> read(input));
    byte[] whole = SealedText.of(input);
    Allocation.within(MAX_ALLOCATED, () -> read(whole));
  }

  private static void read(byte[] file) {
    FILES.write(SegmentList.FILE, file);
    try {
      SegmentList read = Objects.requireNonNull(SegmentList.read(FILES.directory()));
      FILES.write(SegmentList.FILE, read.toBytes().array());
      if (!read.equals(SegmentList.read(FILES.directory()))) {
        throw new AssertionError(read + " is not read as it was written");
      }
    } catch (CorruptStoreException e) {
      // Refused.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
