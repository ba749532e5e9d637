package io.kvstore;

import java.io.Serial;
import java.nio.file.Path;

/**
 * Thrown when a file of the store is damaged where no crash can have damaged it: bytes that a sync
 * had secured are not what was written. Nothing has been changed; the message and the fields name
 * the file and the offset. Thrown when a store is opened, or when a record or a part of the index
 * is read that opening did not have to read.
 */
public final class CorruptStoreException extends KvStoreException {
  @Serial private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;

  /** Creates an exception for damage at an offset in a file. */
  public CorruptStoreException(Path file, long offset, String what) {
    super(file + " is damaged at offset " + offset + ": " + what);
    this.file = file.toString();
    this.offset = offset;
  }

  /** Returns the damaged file. */
  public Path file() {
    return Path.of(file);
  }

  /** Returns the offset of the first damaged byte or record in the file, in bytes. */
  public long offset() {
    return offset;
  }
}
