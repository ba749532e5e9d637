package io.kvstore.server.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory budget for partially received requests: the connections of all listeners take theirs
 * from one budget, so that many large requests at once can't take the heap. For any thread.
 */
public final class ReceiveBudget {
  /** What each connection may hold besides. */
  public static final int FREE_BYTES = 16 << 10;

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  /** A budget of so many bytes. */
  public ReceiveBudget(long limit) {
    this.limit = limit;
  }

  /** The bytes that all connections may hold together, besides those that are free. */
  public long limit() {
    return limit;
  }

  /** How many of them are held. */
  public long taken() {
    return taken.get();
  }

  /** Returns what one connection takes; it holds nothing yet. */
  public Share share() {
    return new Share(this);
  }

  private boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= limit) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** What one connection holds of a budget. For one thread at a time. */
  public static final class Share {
    private final ReceiveBudget budget;
    private long held;

    private Share(ReceiveBudget budget) {
      this.budget = budget;
    }

    /**
     * Sees to it that a connection may hold so many bytes, which it does until {@link #release}.
     *
     * @return false if there is not enough left; nothing has changed then
     */
    public boolean hold(long bytes) {
      long more = bytes - FREE_BYTES - held;
      if (more <= 0) {
        return true;
      }
      if (!budget.take(more)) {
        return false;
      }
      held += more;
      return true;
    }

    /** Holds nothing any more. */
    public void release() {
      if (held > 0) {
        budget.taken.addAndGet(-held);
        held = 0;
      }
    }

    /** The limit of the budget. */
    public long limit() {
      return budget.limit;
    }
  }
}
