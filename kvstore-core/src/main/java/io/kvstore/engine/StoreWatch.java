package io.kvstore.engine;

import io.kvstore.ChangeListener;
import io.kvstore.ClosedStoreException;
import io.kvstore.Watch;
import io.kvstore.log.ChangeReader;
import io.kvstore.platform.StoreLogger;
import io.kvstore.platform.StoreThread;
import io.kvstore.segment.RecordView;
import io.kvstore.stripe.Stripes;
import io.kvstore.stripe.Watches;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A watch: reads the log behind the writers and reports the changes to a listener, on a thread of
 * its own. The log is the queue, so a slow listener costs nothing, and misses the changes that
 * compaction has dropped by then.
 */
final class StoreWatch<K, V> implements Watch, Watches.Watcher {
  /** The time that a call of the listener may take when the watch is closed. */
  private static final long MAX_CLOSE_MILLIS = 10_000;

  private final CodecPair<K, V> codecs;
  private final Stripes stripes;
  private final ChangeListener<K, V> listener;
  private final ChangeReader reader;
  private volatile long version;
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  /**
   * @param reader positioned before the first change to report
   */
  StoreWatch(
      CodecPair<K, V> codecs, Stripes stripes, ChangeReader reader, ChangeListener<K, V> listener) {
    this.codecs = codecs;
    this.stripes = stripes;
    this.reader = reader;
    this.listener = listener;
    this.version = reader.next() - 1;
  }

  void start(Path directory) {
    stripes.watches().add(this);
    thread =
        StoreThread.start(
            "watch",
            directory,
            new Runnable() {
              @Override
              public void run() {
                StoreWatch.this.run();
              }
            });
  }

  private void run() {
    try {
      while (!closed) {
        if (!reportAll(stripes.shownSequence())) {
          stripes.watches().await(this);
        }
      }
    } catch (Throwable e) {
      if (!(closed && e instanceof ClosedStoreException)) {
        fail(e);
      }
    } finally {
      reader.close();
      stripes.watches().remove(this);
    }
  }

  /** Reports all changes up to one, and returns whether there was any. */
  private boolean reportAll(long upTo) {
    boolean any = false;
    while (!closed) {
      long expected = reader.next();
      RecordView change = reader.read(upTo);
      if (change == null) {
        return reportGap(upTo) || any;
      }
      any = true;
      long sequence = change.sequence();
      if (sequence > expected) {
        listener.onGap(expected, sequence - 1);
        version = sequence - 1;
      }
      report(change);
      version = sequence;
    }
    return any;
  }

  /** Reports a gap that no change follows; returns false if there is none. */
  private boolean reportGap(long upTo) {
    long expected = reader.next();
    if (expected > upTo) {
      return false;
    }
    reader.skip(upTo);
    listener.onGap(expected, upTo);
    version = upTo;
    return true;
  }

  private void report(RecordView change) {
    byte[] key = change.key();
    stripes.settle(key);
    if (change.isTombstone()) {
      listener.onDelete(codecs.decodedKey(key), change.sequence());
    } else if (!change.isLarge()
        || !listener.onLargePut(codecs.decodedKey(key), change.valueView())) {
      listener.onPut(codecs.entry(change));
    }
  }

  private void fail(Throwable e) {
    try {
      StoreLogger.get()
          .log(System.Logger.Level.WARNING, "a watch has ended at version " + version, e);
    } catch (OutOfMemoryError second) {
      // The listener gets the failure all the same.
    }
    try {
      listener.onFailure(e);
    } catch (Throwable second) {
      StoreLogger.get().log(System.Logger.Level.WARNING, "a listener has failed", second);
    }
  }

  /** Returns whether there is a change to report, or the watch is closed. */
  @Override
  public boolean isReady() {
    return closed || stripes.shownSequence() >= reader.next();
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public void close() {
    closed = true;
    stripes.watches().wake();
    Thread running = thread;
    if (running != null
        && running != Thread.currentThread()
        && StoreThread.isAliveAfter(running, MAX_CLOSE_MILLIS)) {
      StoreLogger.get()
          .log(System.Logger.Level.WARNING, "a listener does not return; closing without it");
    }
  }
}
