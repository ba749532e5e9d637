package io.kvstore.server.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory budget for partially received requests. The connections of all listeners share one
 * budget, so that many large requests at once can't exhaust the heap. Safe for use by any thread.
 */
public final class ReceiveBudget {
  /** The bytes that each connection may hold in addition to the budget. */
  public static final int FREE_BYTES = 16 << 10;

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  /** Creates a budget of a number of bytes. */
  public ReceiveBudget(long limit) {
    this.limit = limit;
  }

  /** The limit of the bytes that all connections hold, without those that are free. */
  public long limit() {
    return limit;
  }

  /** The bytes of the budget that are held. */
  public long taken() {
    return taken.get();
  }

  /** Returns the share of one connection, which holds nothing yet. */
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

  /** The share of one connection. For use by one thread at a time. */
  public static final class Share {
    private final ReceiveBudget budget;
    private long held;

    private Share(ReceiveBudget budget) {
      this.budget = budget;
    }

    /**
     * Raises the bytes that the connection holds to at least this number, until {@link #release}.
     *
     * @return false if the budget is exhausted; nothing has changed then
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

    /** Returns all bytes to the budget. */
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
