package io.kvstore.record;

/** The number and bytes of the whole records of each type that a scanner has found. */
public final class RecordCounts {
  private final long[] counts = new long[RecordFormat.SEAL + 1];
  private final long[] bytes = new long[RecordFormat.SEAL + 1];

  public void add(byte type, int size) {
    counts[type]++;
    bytes[type] += size;
  }

  public long count(byte type) {
    return counts[type];
  }

  public long bytes(byte type) {
    return bytes[type];
  }
}
