package io.kvstore.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The stale records of one segment: their total bytes, and a bitmap of them as far as known. */
public final class StaleRecords {
  private static final VarHandle BYTES;

  static {
    try {
      BYTES = MethodHandles.lookup().findVarHandle(StaleRecords.class, "bytes", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int capacity;
  private volatile long bytes;

  /**
   * The bitmap; null until a record becomes stale in a segment whose records this process has seen.
   */
  private volatile @Nullable StaleBits bits;

  /**
   * The stale bytes at the time when damage was last found that has to be kept; -1 if there was
   * none.
   */
  private volatile long bytesAtDamage = -1;

  StaleRecords(int capacity) {
    this.capacity = capacity;
  }

  void add(int at, int recordBytes) {
    add(recordBytes);
    StaleBits known = bits == null ? startBits(recordBytes) : bits;
    if (known != null) {
      known.set(at);
    }
  }

  void add(int recordBytes) {
    long unused = (long) BYTES.getAndAdd(this, (long) recordBytes);
  }

  /** Creates the bitmap; without memory for it, the index is asked instead. */
  private synchronized @Nullable StaleBits startBits(int recordBytes) {
    if (bits == null) {
      try {
        bits = new StaleBits(capacity, recordBytes);
      } catch (OutOfMemoryError e) {
        return null;
      }
    }
    return bits;
  }

  void take(StaleRecords other) {
    bytes = other.bytes;
    bits = other.bits;
  }

  /** Sets the bytes counted by an earlier process; which records they are is not known. */
  void restore(long counted) {
    bytes = counted;
  }

  long bytes() {
    return bytes;
  }

  /**
   * Returns whether a put is known to be stale; see {@link StaleBits#isSet}. If it is not, the
   * index has to be asked.
   */
  public boolean has(int at, int before, int after) {
    StaleBits known = bits;
    return known != null && known.isSet(at, before, after);
  }

  /**
   * Records that the segment has damage that must not be dropped yet, so that its file has to be
   * kept.
   */
  public void keepDamage() {
    bytesAtDamage = bytes;
  }

  /** Returns whether {@link #keepDamage} was called and no record has become stale since. */
  public boolean keepsDamage() {
    return bytesAtDamage == bytes;
  }
}
