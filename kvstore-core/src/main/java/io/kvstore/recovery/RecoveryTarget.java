package io.kvstore.recovery;

import io.kvstore.segment.RecordVisitor;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The receiver of the changes that a recovery finds. */
public interface RecoveryTarget {
  /** Forgets all that was visited: recovery starts over, or starts. */
  void reset();

  /** Returns the position in the log from which the target can go on, or null if it has none. */
  @Nullable CheckpointPosition position();

  /**
   * Takes in all changes up to {@link #position()}, so that only later ones need to be visited.
   *
   * @param isThere whether a location lies in a segment that is still there: what pointed anywhere
   *     else has been moved since, or superseded, and is found by the visitors; null if all are
   *     there, as after a clean close
   * @return false if it can't after all, and is as after {@link #reset}
   */
  boolean restore(@Nullable LongPredicate isThere);

  /** Returns a visitor for one thread. */
  RecordVisitor visitor();

  /** Is called once every change since the last reset has been visited. */
  void finish();
}
