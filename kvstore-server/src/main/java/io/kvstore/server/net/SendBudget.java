package io.kvstore.server.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory budget for what is owed to clients: replies and messages that have not been sent, and
 * what commands need to produce them. The connections of all listeners share one budget, so that
 * many large replies, or clients that do not read, can't exhaust the memory. Values that are sent
 * from the files of the store cost nothing; they are only counted. Safe for use by any thread.
 */
public final class SendBudget {
  /** The bytes that each connection may use in addition to the budget. */
  public static final int FREE_BYTES = 16 << 10;

  /** The unit in which connections take bytes of the budget. */
  private static final int STEP_BYTES = 16 << 10;

  private final long limit;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong pinned = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();

  /** Creates a budget of a number of bytes. */
  public SendBudget(long limit) {
    this.limit = limit;
  }

  /** Returns a budget that refuses nothing. */
  public static SendBudget unlimited() {
    return new SendBudget(Long.MAX_VALUE);
  }

  /** The limit of the bytes that all connections use, without those that are free. */
  public long limit() {
    return limit;
  }

  /** The bytes of the budget that are in use; more than the limit if replies were built already. */
  public long taken() {
    return taken.get();
  }

  /** The bytes of values that are queued for clients, and lie in the files of the store. */
  public long pinned() {
    return pinned.get();
  }

  /** Whether more than half of the budget is in use. */
  public boolean isScarce() {
    return taken.get() > limit / 2;
  }

  /**
   * Whether there is anything left, for a request that may need much of it. Counts a refusal if
   * not.
   */
  public boolean hasRoom() {
    if (taken.get() < limit) {
      return true;
    }
    refusals.incrementAndGet();
    return false;
  }

  /** How often the budget had too few bytes left. */
  public long refusals() {
    return refusals.get();
  }

  /** Returns the share of one connection, which uses nothing yet. */
  public Share share() {
    return new Share(this);
  }

  /** The share of one connection. For use by one thread at a time. */
  public static final class Share {
    private final SendBudget budget;
    private long used;
    private long held;
    private boolean closed;

    private Share(SendBudget budget) {
      this.budget = budget;
    }

    /**
     * Uses more bytes, or with a negative number returns some.
     *
     * @return false if the budget has too few left, or the share is closed; nothing has changed
     *     then
     */
    public boolean use(long more) {
      if (more <= 0) {
        free(-more);
        return true;
      }
      if (closed) {
        return false;
      }
      long wanted = needed(used + more) - held;
      if (wanted > 0) {
        if (budget.taken.addAndGet(wanted) > budget.limit) {
          budget.taken.addAndGet(-wanted);
          budget.refusals.incrementAndGet();
          return false;
        }
        held += wanted;
      }
      used += more;
      return true;
    }

    /** Uses more bytes, which have been allocated already, even if the budget has too few left. */
    public void add(long more) {
      used += more;
      long wanted = closed ? 0 : needed(used) - held;
      if (wanted > 0) {
        budget.taken.addAndGet(wanted);
        held += wanted;
      }
    }

    /** Returns bytes to the budget. */
    public void free(long bytes) {
      used -= bytes;
      long surplus = held - needed(used);
      if (surplus > 0) {
        budget.taken.addAndGet(-surplus);
        held -= surplus;
      }
    }

    /** Returns all bytes to the budget; from now on this share can't use any. */
    public void close() {
      closed = true;
      budget.taken.addAndGet(-held);
      held = 0;
      used = 0;
    }

    /** Whether this share uses bytes of a budget that is scarce. */
    public boolean isScarce() {
      return held > 0 && budget.isScarce();
    }

    /** The bytes in use, including those that are free. */
    public long used() {
      return used;
    }

    /** Counts bytes of values that are queued, or with a negative number no longer are. */
    void pin(long bytes) {
      budget.pinned.addAndGet(bytes);
    }

    /** The limit of the budget. */
    public long limit() {
      return budget.limit;
    }

    private static long needed(long used) {
      long paid = used - FREE_BYTES;
      return paid <= 0 ? 0 : (paid + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
    }
  }
}
