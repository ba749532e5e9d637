package io.kvstore.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.ChangeListener;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.Watch;
import io.kvstore.model.Model.Held;
import io.kvstore.testing.ManualClock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The watch of a run, compared with the changes of the model: it must deliver all of them in order,
 * and apart from them only sweeps of expired entries; after a gap, those behind it.
 */
final class ModelWatch {
  private static final long MAX_WAIT_MILLIS = 60_000;

  /** An event of the listener; {@code to} is the end of a gap, else 0; no value for a delete. */
  private record Told(
      String key, @Nullable String value, @Nullable Instant deadline, long version, long to) {}

  private record Change(String key, @Nullable Held entry) {}

  private final ManualClock clock;
  private final Model model;
  private final Deque<Change> expected = new ArrayDeque<>();
  private final Queue<Told> told = new ConcurrentLinkedQueue<>();
  private final Map<String, Instant> deadlines = new HashMap<>();
  private final ReentrantLock pause = new ReentrantLock();
  private volatile @Nullable Throwable failure;
  private @Nullable Watch watch;
  private long last;
  private long gaps;

  ModelWatch(ManualClock clock, Model model) {
    this.clock = clock;
    this.model = model;
    model.onChange((key, entry) -> expected.add(new Change(key, entry)));
  }

  long gaps() {
    return gaps;
  }

  /** Goes on with the first change that it was not told of. */
  void start(KvStore<String, String> store) {
    watch = store.watch(last + 1, new Listener());
  }

  /** Starts anew with a store that has gone back to an earlier state, or is another. */
  void restart(KvStore<String, String> store) {
    last = store.stats().sequence();
    expected.clear();
    deadlines.clear();
    deadlines.putAll(model.deadlines());
    start(store);
  }

  /** Holds the listener up, or lets it go on. */
  void pauseOrResume() {
    if (pause.isHeldByCurrentThread()) {
      pause.unlock();
    } else {
      pause.lock();
    }
  }

  /** Waits until all has been told, and compares. */
  void check(KvStore<String, String> store) {
    if (pause.isHeldByCurrentThread()) {
      pause.unlock();
    }
    long end = System.nanoTime() + MAX_WAIT_MILLIS * 1_000_000;
    while (Objects.requireNonNull(watch).version() < store.stats().sequence()) {
      assertThat(failure).isNull();
      assertThat(System.nanoTime()).as("the watch stays behind").isLessThan(end);
      Thread.onSpinWait();
    }
    boolean lost = false;
    for (Told each = told.poll(); each != null; each = told.poll()) {
      assertThat(each.version()).isEqualTo(last + 1);
      last = Math.max(each.version(), each.to());
      if (each.to() > 0) {
        gaps++;
        lost = true;
      } else if (each.value() != null) {
        checkPut(each, lost);
      } else if (!lost) {
        checkDelete(each);
      }
    }
    if (lost) {
      expected.clear();
      deadlines.clear();
      deadlines.putAll(model.deadlines());
    }
    assertThat(expected).as("not told of").isEmpty();
  }

  private void checkPut(Told put, boolean lost) {
    Change change = new Change(put.key(), new Held(put.value(), put.deadline()));
    Change next = expected.poll();
    while (lost && next != null && !next.equals(change)) {
      next = expected.poll();
    }
    assertThat(change).isEqualTo(next);
    if (put.deadline() == null) {
      deadlines.remove(put.key());
    } else {
      deadlines.put(put.key(), put.deadline());
    }
  }

  private void checkDelete(Told delete) {
    Change next = expected.peek();
    if (next != null && next.entry() == null && next.key().equals(delete.key())) {
      expected.poll();
    } else {
      assertThat(deadlines.get(delete.key()))
          .as("swept")
          .isNotNull()
          .isBeforeOrEqualTo(clock.now());
    }
    deadlines.remove(delete.key());
  }

  /** Ends it; what was told up to here has been compared. */
  void stop() {
    Objects.requireNonNull(watch).close();
    told.clear();
  }

  private final class Listener implements ChangeListener<String, String> {
    private void note(Told event) {
      pause.lock();
      try {
        told.add(event);
      } finally {
        pause.unlock();
      }
    }

    @Override
    public void onPut(Entry<String, String> entry) {
      note(new Told(entry.key(), entry.value(), entry.expiresAt(), entry.version(), 0));
    }

    @Override
    public void onDelete(String key, long version) {
      note(new Told(key, null, null, version, 0));
    }

    @Override
    public void onGap(long from, long to) {
      note(new Told("", null, null, from, to));
    }

    @Override
    public void onFailure(Throwable cause) {
      failure = cause;
    }
  }
}
