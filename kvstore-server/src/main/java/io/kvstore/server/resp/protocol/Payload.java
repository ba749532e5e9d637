package io.kvstore.server.resp.protocol;

import io.kvstore.server.net.SendBudget;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The payload of messages to subscribers. All of them share its bytes, which count in the memory
 * budget once, until the last has been sent. Safe for use by any thread.
 */
public final class Payload {
  private final byte[] bytes;
  private final SendBudget.Share memory;
  private final AtomicInteger recipients = new AtomicInteger();

  /**
   * Creates a payload without recipients.
   *
   * @param bytes must not be changed any more
   */
  public Payload(byte[] bytes, SendBudget budget) {
    this.bytes = bytes;
    this.memory = budget.share();
  }

  byte[] bytes() {
    return bytes;
  }

  /** Whether the payload is sent without a copy. */
  boolean isLong() {
    return bytes.length > RespLimits.MAX_COPIED_VALUE_BYTES;
  }

  /** Begins to count the bytes; called once, before messages are sent to so many recipients. */
  public void begin(int count) {
    if (isLong() && count > 0) {
      recipients.set(count);
      memory.add(bytes.length);
    }
  }

  void done() {
    if (isLong() && recipients.decrementAndGet() == 0) {
      memory.free(bytes.length);
    }
  }
}
