package io.kvstore.stripe;

import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a long, which is stored as {@link io.kvstore.codec.Codecs#longs()} does. A sum that is no
 * long is not written.
 */
public final class Increment implements Decision {
  private final long delta;

  /** What is written, or would be. */
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
