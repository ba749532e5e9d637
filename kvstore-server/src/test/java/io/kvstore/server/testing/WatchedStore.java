package io.kvstore.server.testing;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.Page;
import io.kvstore.ValueView;
import io.kvstore.server.net.Turn;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A store that counts what is done with it on event loops, and on the threads for long work. */
public final class WatchedStore extends DelegatingStore {
  private final AtomicLong onLoops = new AtomicLong();
  private final AtomicLong elsewhere = new AtomicLong();

  /** The calls on event loops, in units of {@link Turn}; each batch and page is a whole turn. */
  public long workOnLoops() {
    return onLoops.get();
  }

  /** The calls on threads for long work. */
  public long workElsewhere() {
    return elsewhere.get();
  }

  /** Forgets what has been counted. */
  public void reset() {
    onLoops.set(0);
    elsewhere.set(0);
  }

  private void count(long work) {
    boolean isLong = Thread.currentThread().getName().startsWith("kvstore-work");
    (isLong ? elsewhere : onLoops).addAndGet(work);
  }

  @Instead
  public @Nullable ValueView view(byte[] key) {
    count(1);
    return behind().view(key);
  }

  @Instead
  public CompletableFuture<Void> putAsync(byte[] key, byte[] value) {
    count(1 + Turn.ofBytes(value.length));
    return behind().putAsync(key, value);
  }

  @Instead
  public CompletableFuture<BatchResult> writeAsync(Batch<byte[], byte[]> batch) {
    count(Turn.MAX_WORK);
    return behind().writeAsync(batch);
  }

  @Instead
  public Page<byte[], byte[]> page(KeyRange<byte[]> range, @Nullable String cursor, int limit) {
    count(Turn.MAX_WORK);
    return behind().page(range, cursor, limit);
  }

  @Instead
  public Iterator<Entry<byte[], byte[]>> iterator() {
    Iterator<Entry<byte[], byte[]>> all = behind().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return all.hasNext();
      }

      @Override
      public Entry<byte[], byte[]> next() {
        count(1);
        return all.next();
      }
    };
  }
}
