package io.kvstore.testing;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The offsets at which a test damages a file of the log: every n-th byte of the records, from a
 * random one on. The blank rest of a segment and the middle of a long value, where all bytes are
 * alike, are sampled. With {@code -Dkvstore.test.everyByte=true} it is every byte of the file.
 */
public final class Offsets {
  public static final boolean EVERY_BYTE =
      LongForm.ON || Boolean.getBoolean("kvstore.test.everyByte");

  private static final int SAMPLED = 997;

  private Offsets() {}

  /**
   * Chooses them anew.
   *
   * @param step from one byte of the records to the next
   * @param behind how many bytes behind the last record are taken like those of records
   */
  public static List<Integer> in(StoreImage image, String file, int step, int behind) {
    LogLayout layout = LogLayout.of(image);
    int end = layout.end(file) + behind;
    int first = new Random(LongForm.seed("kvstore.test.seed")).nextInt(step);
    return IntStream.range(0, image.bytes(file).length)
        .filter(
            at ->
                EVERY_BYTE
                    || at % SAMPLED == 0
                    || (at % step == first && at < end && !layout.isInLong(file, at)))
        .boxed()
        .toList();
  }
}
