package io.kvstore.segment;

import io.kvstore.record.PutRecord;

/** The record of a put in the log, with its key. */
public interface StoredRecord extends PutRecord {

  /** Returns a copy of the key. */
  byte[] key();

  /** Returns the size of the record in the log, in bytes. */
  int size();
}
