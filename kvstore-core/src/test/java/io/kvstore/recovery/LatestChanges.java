package io.kvstore.recovery;

import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.ScannedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The latest change of each key; a tombstone counts as the negative of its sequence. */
public final class LatestChanges implements RecoveryTarget {
  private final @Nullable CheckpointPosition position;
  private final boolean restores;
  private final Map<String, Long> changes = new TreeMap<>();
  private @Nullable LongPredicate isThere;
  private int restored;
  private int finished;

  /**
   * @param position where recovery can start
   * @param restores whether what was there at that position can be had
   */
  public LatestChanges(@Nullable CheckpointPosition position, boolean restores) {
    this.position = position;
    this.restores = restores;
  }

  Map<String, Long> changes() {
    return changes;
  }

  /** Returns how often it was asked to restore what it had. */
  int restored() {
    return restored;
  }

  /** Returns how often it was told that all is read. */
  int finished() {
    return finished;
  }

  /** Returns what it was told of the places that are there; null if all are. */
  @Nullable LongPredicate isThere() {
    return isThere;
  }

  @Override
  public void reset() {
    changes.clear();
  }

  @Override
  public @Nullable CheckpointPosition position() {
    return position;
  }

  @Override
  public boolean restore(@Nullable LongPredicate isLocationThere) {
    restored++;
    isThere = isLocationThere;
    return restores;
  }

  @Override
  public RecordVisitor visitor() {
    return new RecordVisitor() {
      private final byte[] key = new byte[1 << 16];

      @Override
      public void visit(ScannedRecord change) {
        String name = new String(key, 0, change.copyKey(key), StandardCharsets.ISO_8859_1);
        long sequence = change.sequence();
        synchronized (changes) {
          changes.merge(name, change.isTombstone() ? -sequence : sequence, LatestChanges::later);
        }
      }

      @Override
      public void finish() {}
    };
  }

  private static Long later(Long one, Long other) {
    return Math.abs(one) > Math.abs(other) ? one : other;
  }

  @Override
  public void finish() {
    finished++;
  }
}
