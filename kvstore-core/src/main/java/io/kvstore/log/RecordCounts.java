package io.kvstore.log;

/** How many records of each type a scanner has found whole, and their bytes. */
final class RecordCounts {
  private final long[] counts = new long[RecordFormat.SEAL + 1];
  private final long[] bytes = new long[RecordFormat.SEAL + 1];

  void add(byte type, int size) {
    counts[type]++;
    bytes[type] += size;
  }

  long count(byte type) {
    return counts[type];
  }

  long bytes(byte type) {
    return bytes[type];
  }
}
