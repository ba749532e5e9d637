package io.kvstore.segment;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who may still read a segment that was dropped, so that its file is used again only when nobody
 * takes the new bytes for the old ones.
 *
 * <p>Readers without a lock read first and ask afterwards, as with the sequence lock of H.-J.
 * Boehm, "Can seqlocks get along with programming language memory models?" (2012): {@link #end}
 * comes before any byte is changed. Whoever keeps a record for longer holds the segment, and one
 * that is held is not used again.
 */
public final class SegmentUse {
  /** In place of a count. */
  private static final int ENDED = -1;

  /** In place of a count, once somebody holds the segment for good. */
  private static final int KEPT = Integer.MAX_VALUE;

  /** How many hold the segment. */
  private final AtomicInteger holds = new AtomicInteger();

  /** With the header, where another process may be the one that uses the file again. */
  private @Nullable ByteBuffer watched;

  private @Nullable SegmentHeader expected;

  /**
   * Looks at the header with each question: it goes first when the file is used again. For a
   * segment that no reader has yet.
   */
  void watch(ByteBuffer bytes, SegmentHeader header) {
    watched = bytes;
    expected = header;
  }

  /** Tells whether all that has been read so far is of this segment. */
  boolean isCurrent() {
    VarHandle.acquireFence();
    return holds.getPlain() != ENDED && (expected == null || isExpected());
  }

  private boolean isExpected() {
    ByteBuffer bytes = Objects.requireNonNull(watched);
    return Objects.requireNonNull(expected).isAtStartOf(bytes);
  }

  /**
   * Makes sure that all that has been read so far is of this segment.
   *
   * @throws SegmentReused if that is not sure
   */
  void require() {
    if (!isCurrent()) {
      throw new SegmentReused();
    }
  }

  /** Keeps the file from being used again until {@link #release}; false if it is too late. */
  public boolean hold() {
    for (; ; ) {
      int now = holds.get();
      if (now == ENDED) {
        return false;
      }
      if (now == KEPT || holds.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  public void release() {
    for (; ; ) {
      int now = holds.get();
      if (now == KEPT || holds.compareAndSet(now, now - 1)) {
        return;
      }
    }
  }

  /**
   * Holds the segment for good, however often: a count of those who never let go would overflow.
   *
   * @return false if it is too late
   */
  boolean keep() {
    for (; ; ) {
      int now = holds.get();
      if (now == ENDED || now == KEPT) {
        return now == KEPT;
      }
      if (holds.compareAndSet(now, KEPT)) {
        return true;
      }
    }
  }

  /** Tells whether another process may use the file again: then nothing keeps it what it is. */
  boolean isWatched() {
    return expected != null;
  }

  /**
   * Makes every reader start anew, unless somebody holds the segment: then it stays as it is.
   *
   * @return whether the bytes may be changed from now on
   */
  public boolean end() {
    boolean ended = holds.compareAndSet(0, ENDED) || holds.get() == ENDED;
    VarHandle.fullFence(); // no byte is changed before that is seen
    return ended;
  }
}
