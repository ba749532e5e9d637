package io.kvstore.stripe;

import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The decision of an increment of a long, encoded as by {@link io.kvstore.codec.Codecs#longs()}. A
 * sum that does not fit in a long is not written.
 */
public final class Increment implements Decision {
  private final long delta;

  /** The sum, which is the new value. */
  private long sum;

  public Increment(long delta) {
    this.delta = delta;
  }

  @Override
  public @Nullable LogRecord decide(byte[] key, @Nullable PutRecord found) {
    long before = found == null ? 0 : valueOf(found.value());
    sum = before + delta;
    boolean overflows = ((before ^ sum) & (delta ^ sum)) < 0;
    if (overflows) {
      return null;
    }
    byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(sum).array();
    return found == null ? LogRecord.put(key, value) : LogRecord.put(key, value, found.deadline());
  }

  private static long valueOf(byte[] bytes) {
    if (bytes.length != Long.BYTES) {
      throw new IllegalArgumentException(
          "the value has " + bytes.length + " bytes: not a long, which has 8");
    }
    return ByteBuffer.wrap(bytes).getLong();
  }

  public long sum() {
    return sum;
  }
}
