package io.kvstore.log;

import java.util.Set;

/**
 * Tells the opening of a store that writes now from all others. A tag is a random number that marks
 * and seals carry: the same records, written in two copies of one directory, end in different
 * marks.
 *
 * @param own the tag of this opening
 * @param all those of the openings before, too, as far as they are known
 */
public record WriterTags(int own, Set<Integer> all) {
  /** For logs that belong to no directory. */
  static final WriterTags NONE = new WriterTags(0, Set.of());

  boolean has(int tag) {
    return tag != 0 && all.contains(tag);
  }
}
