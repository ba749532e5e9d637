package io.kvstore.recovery;

import java.util.concurrent.atomic.LongAdder;

/** The progress of a recovery under way; may be read from any thread. */
public final class RecoveryProgress {
  private final LongAdder bytesDone = new LongAdder();
  private volatile long bytesTotal;

  /** Returns the bytes that have been read so far, at most the total. */
  public long bytesDone() {
    return Math.min(bytesDone.sum(), bytesTotal);
  }

  /** Returns the bytes that there are to read. */
  public long bytesTotal() {
    return bytesTotal;
  }

  /** Ends what was under way, and starts work on so many bytes more. */
  public void goOnTo(long bytes) {
    long before = bytesTotal;
    bytesDone.add(before - bytesDone.sum());
    bytesTotal = before + bytes;
  }

  /** Counts bytes as done. */
  public void advance(long bytes) {
    bytesDone.add(bytes);
  }

  public LongAdder counter() {
    return bytesDone;
  }

  /** Starts a pass over the log; a second one, after a cut, comes on top of the first. */
  public void start(long total) {
    bytesTotal = bytesDone.sum() + total;
  }
}
