package io.kvstore.stripe;

import io.kvstore.CorruptStoreException;
import io.kvstore.record.PutRecord;
import io.kvstore.segment.RecordView;
import org.jspecify.annotations.Nullable;

/**
 * The record of a key that is damaged: there is an entry, but its content is not readable.
 * Operations that only need to know that there is an entry, such as overwrite and delete, still
 * work.
 */
record DamagedRecord(RecordView record) implements PutRecord {

  /** Returns the exception for operations that need the content. */
  CorruptStoreException damage() {
    return record.damage();
  }

  @Override
  public long sequence() {
    throw damage();
  }

  @Override
  public byte[] value() {
    throw damage();
  }

  @Override
  public boolean hasValue(byte[] bytes) {
    throw damage();
  }

  @Override
  public boolean hasDeadline() {
    throw damage();
  }

  @Override
  public long deadline() {
    throw damage();
  }

  @Override
  public @Nullable String label() {
    throw damage();
  }
}
