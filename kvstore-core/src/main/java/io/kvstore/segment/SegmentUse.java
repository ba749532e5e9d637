package io.kvstore.segment;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The count of the readers of a segment, so that the file of a dropped segment is reused only when
 * no reader can mistake new bytes for old ones.
 *
 * <p>Readers without a lock read first and validate afterwards, as with the sequence lock of H.-J.
 * Boehm, "Can seqlocks get along with programming language memory models?" (2012): {@link #end}
 * comes before any byte is changed. A reader that keeps a record for longer holds the segment, and
 * a held segment is not reused.
 */
public final class SegmentUse {
  /** The value of the count after {@link #end}. */
  private static final int ENDED = -1;

  /** The value of the count once the segment is held permanently. */
  private static final int KEPT = Integer.MAX_VALUE;

  /** The number of holds. */
  private final AtomicInteger holds = new AtomicInteger();

  /** The mapped bytes with the header, if another process may reuse the file. */
  private @Nullable ByteBuffer watched;

  private @Nullable SegmentHeader expected;

  /**
   * Makes each validation check the header, which is overwritten first when the file is reused. For
   * a segment without readers yet.
   */
  public void watch(ByteBuffer bytes, SegmentHeader header) {
    watched = bytes;
    expected = header;
  }

  /** Returns whether everything read so far belongs to this segment. */
  boolean isCurrent() {
    VarHandle.acquireFence();
    return holds.getPlain() != ENDED && (expected == null || isExpected());
  }

  private boolean isExpected() {
    ByteBuffer bytes = Objects.requireNonNull(watched);
    return Objects.requireNonNull(expected).isAtStartOf(bytes);
  }

  /**
   * Requires that everything read so far belongs to this segment.
   *
   * @throws SegmentReused if it may not
   */
  void require() {
    if (!isCurrent()) {
      throw new SegmentReused();
    }
  }

  /** Prevents the reuse of the file until {@link #release}; returns false if it is too late. */
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
   * Holds the segment permanently, without counting: a count of holds that are never released would
   * overflow.
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

  /** Returns whether another process may reuse the file, which no hold can prevent. */
  boolean isWatched() {
    return expected != null;
  }

  /**
   * Ends the use of the segment, unless it is held: every reader has to retry.
   *
   * @return whether the bytes may be changed from now on
   */
  public boolean end() {
    boolean ended = holds.compareAndSet(0, ENDED) || holds.get() == ENDED;
    VarHandle.fullFence(); // no byte is changed before the end is visible
    return ended;
  }
}
