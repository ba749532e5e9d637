package io.kvstore;

import java.nio.file.Path;

/**
 * A damaged range of a file of the store: its bytes are not what was written.
 *
 * @param file the damaged file, or the one that is missing
 * @param offset of the first byte that does not belong to a whole record
 * @param bytes length up to the next whole record, or to the end of what was written; 0 if nothing
 *     was lost there, or if the length is not known
 * @param firstSequence the lowest sequence that a change lost here, or in another damaged range up
 *     to {@code lastSequence}, can have; 0 if not known
 * @param lastSequence the highest sequence that such a change can have; 0 if not known, and less
 *     than {@code firstSequence} if no change was lost
 * @param what a description in one sentence, without file and offset
 */
public record Damage(
    Path file, long offset, long bytes, long firstSequence, long lastSequence, String what) {

  /** Returns file, offset, length and description, in one line. */
  @Override
  public String toString() {
    return file + " at offset " + offset + ", " + bytes + " bytes: " + what;
  }
}
