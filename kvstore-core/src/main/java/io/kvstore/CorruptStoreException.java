package io.kvstore;

import java.io.Serial;
import java.nio.file.Path;

/**
 * A file of the store is damaged where no crash can have damaged it: bytes that a sync had secured
 * are not what was written. Nothing has been changed; the message and the fields say where. Thrown
 * when a store is opened, or when a record, or a part of the index, is read that opening did not
 * have to read.
 */
public final class CorruptStoreException extends KvStoreException {
  @Serial private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;

  /** Describes damage at a place in a file. */
  public CorruptStoreException(Path file, long offset, String what) {
    super(file + " is damaged at offset " + offset + ": " + what);
    this.file = file.toString();
    this.offset = offset;
  }

  /** Returns the damaged file. */
  public Path file() {
    return Path.of(file);
  }

  /** Returns the offset of the first damaged byte or record in it, in bytes. */
  public long offset() {
    return offset;
  }
}
