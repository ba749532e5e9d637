package io.kvstore.segment;

import io.kvstore.record.RecordFormat;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A copy of a put record on the heap, which stays valid when the segment is dropped. */
final class RecordCopy implements StoredRecord {
  private final byte[] key;
  private final byte[] value;
  private final long sequence;
  private final long deadline;
  private final @Nullable String label;
  private final int size;

  RecordCopy(StoredRecord record) {
    this.key = record.key();
    this.value = record.value();
    this.sequence = record.sequence();
    this.deadline = record.deadline();
    this.label = record.label();
    this.size = record.size();
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public byte[] value() {
    return value;
  }

  @Override
  public boolean hasValue(byte[] bytes) {
    return Arrays.equals(value, bytes);
  }

  @Override
  public long sequence() {
    return sequence;
  }

  @Override
  public boolean hasDeadline() {
    return deadline != RecordFormat.NO_DEADLINE;
  }

  @Override
  public long deadline() {
    return deadline;
  }

  @Override
  public @Nullable String label() {
    return label;
  }
}
