package io.kvstore.bench.load;

import io.kvstore.StoreListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Records the store's background events during a load. A listener receives them a little after they
 * happened.
 */
final class StoreEvents implements StoreListener {
  /** What takes less is not noted. */
  private static final Duration NOTED = Duration.ofMillis(20);

  private static final int MAX_NOTED = 10_000;

  /** Something that has ended. */
  record Noted(long atNanos, String what) {}

  private final List<Noted> noted = new ArrayList<>();

  @Override
  public void onSync(Sync sync) {
    note("a sync", sync.took());
  }

  @Override
  public void onCompaction(Compaction compaction) {
    note("a round of compaction", compaction.took());
  }

  @Override
  public void onCheckpoint(Duration took, long bytes) {
    note("a checkpoint", took);
  }

  @Override
  public void onIndexGrowth(IndexGrowth growth) {
    note("growth of an index", growth.took());
  }

  @Override
  public void onBrake(boolean braking) {
    note(braking ? "the brake goes on" : "the brake goes off");
  }

  private void note(String what, Duration took) {
    if (took.compareTo(NOTED) >= 0) {
      note(what + " of " + took.toMillis() + " ms ends");
    }
  }

  private synchronized void note(String what) {
    if (noted.size() < MAX_NOTED) {
      noted.add(new Noted(System.nanoTime(), what));
    }
  }

  /** Returns what has been noted so far. */
  synchronized List<Noted> noted() {
    return List.copyOf(noted);
  }
}
