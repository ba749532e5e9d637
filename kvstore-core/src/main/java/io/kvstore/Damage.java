package io.kvstore;

import java.nio.file.Path;

/**
 * A place in the files of a store whose bytes are not what was written.
 *
 * @param file the damaged file, or the one that is missing
 * @param offset of the first byte that belongs to no whole record
 * @param bytes up to the next whole record, or to the end of what was written; 0 if nothing was
 *     lost there, or nobody can tell how much
 * @param firstSequence of the changes that were lost there, and at other places in between: the
 *     lowest sequence that they can have; 0 if not known
 * @param lastSequence the highest that they can have; 0 if not known, and less than {@code
 *     firstSequence} if no change was lost
 * @param what one sentence, without the place
 */
public record Damage(
    Path file, long offset, long bytes, long firstSequence, long lastSequence, String what) {

  /** Returns the place and the sentence, in one line. */
  @Override
  public String toString() {
    return file + " at offset " + offset + ", " + bytes + " bytes: " + what;
  }
}
