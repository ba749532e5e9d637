package io.kvstore.server.resp.session;

import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.resp.protocol.ByteString;
import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The transaction of a client: the commands queued after MULTI, and the watched keys. */
public final class Transaction {

  /** A queued command. */
  public record Queued(RespCommand command, Request request) {}

  private final ReceiveBudget.Share memory;
  private final List<Queued> queue = new ArrayList<>();
  private final Map<ByteString, Long> watched = new LinkedHashMap<>();
  private volatile boolean open;
  private volatile int size;
  private long bytes;
  private long watchedBytes;
  private boolean broken;

  /**
   * @param memory the memory share for queued commands
   */
  public Transaction(ReceiveBudget.Share memory) {
    this.memory = memory;
  }

  public boolean isOpen() {
    return open;
  }

  public void open() {
    open = true;
  }

  int size() {
    return size;
  }

  /**
   * Queues a command, with a copy of its arguments.
   *
   * @throws RespException if the queue, or the memory budget of all clients, is exhausted
   */
  public void add(RespCommand command, Request request) {
    bytes += request.copySize();
    if (queue.size() == RespLimits.MAX_QUEUED_COMMANDS || bytes > RespLimits.MAX_QUEUED_BYTES) {
      throw new RespException(
          "ERR the transaction has more than the limit of "
              + RespLimits.MAX_QUEUED_COMMANDS
              + " commands or "
              + RespLimits.MAX_QUEUED_BYTES
              + " bytes");
    }
    if (!memory.hold(bytes + watchedBytes)) {
      throw RespException.noMemory(memory);
    }
    queue.add(new Queued(command, request.copy()));
    size = queue.size();
  }

  public List<Queued> queue() {
    return queue;
  }

  /** Records that a command could not be queued, so that EXEC must fail. */
  public void spoil() {
    broken |= open;
  }

  public boolean isBroken() {
    return broken;
  }

  /** Watches a key with this version, 0 for none, unless it is watched already. */
  public void watch(byte[] key, long version) {
    if (watched.size() == RespLimits.MAX_WATCHED_KEYS) {
      throw new RespException(
          "ERR more than the limit of " + RespLimits.MAX_WATCHED_KEYS + " watched keys");
    }
    if (watched.putIfAbsent(new ByteString(key), version) == null) {
      watchedBytes += key.length + RespLimits.KEPT_NAME_COST;
      if (!memory.hold(bytes + watchedBytes)) {
        throw RespException.noMemory(memory);
      }
    }
  }

  public Map<ByteString, Long> watched() {
    return watched;
  }

  /** Ends the watches; not in a transaction. */
  public void unwatch() {
    watched.clear();
    watchedBytes = 0;
    memory.release();
  }

  /** Ends the transaction, and the watches. */
  public void end() {
    queue.clear();
    memory.release();
    watched.clear();
    watchedBytes = 0;
    size = 0;
    bytes = 0;
    broken = false;
    open = false;
  }
}
