package io.kvstore.segment;

import io.kvstore.record.PutRecord;

/** The record of a put that is in the log, with its key. */
public interface StoredRecord extends PutRecord {

  /** Returns a copy of the key. */
  byte[] key();

  /** Returns how many bytes the record takes in the log. */
  int size();
}
