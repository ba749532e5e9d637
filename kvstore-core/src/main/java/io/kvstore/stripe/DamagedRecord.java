package io.kvstore.stripe;

import io.kvstore.CorruptStoreException;
import io.kvstore.record.PutRecord;
import io.kvstore.segment.RecordView;
import org.jspecify.annotations.Nullable;

/**
 * What a key holds whose record is damaged: something, of which nothing can be told. Whoever only
 * needs to know that there is an entry, as an overwrite and a delete do, is not kept from it.
 */
record DamagedRecord(RecordView record) implements PutRecord {

  /** Returns what is to be thrown to who needs to know more. */
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
