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

/** The commands that a client has queued after MULTI, and the keys that it watches. */
public final class Transaction {

  /** A command, ready to be carried out. */
  public record Queued(RespCommand command, Request request) {}

  private final ReceiveBudget.Share memory;
  private final List<Queued> queue = new ArrayList<>();
  private final Map<ByteString, Long> watched = new LinkedHashMap<>();
  private volatile boolean open;
  private volatile int size;
  private long bytes;
  private boolean broken;

  /**
   * @param memory for what is queued
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
   * Adds a command, and keeps its arguments.
   *
   * @throws RespException if there are too many, here or in the queues of all clients
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
    if (!memory.hold(bytes)) {
      throw RespException.noMemory(memory);
    }
    queue.add(new Queued(command, request.copy()));
    size = queue.size();
  }

  public List<Queued> queue() {
    return queue;
  }

  /** Says that a command could not be queued, so that none may be carried out. */
  public void spoil() {
    broken |= open;
  }

  public boolean isBroken() {
    return broken;
  }

  /** Remembers the version that a key has, 0 for none, unless it is watched already. */
  public void watch(byte[] key, long version) {
    if (watched.size() == RespLimits.MAX_WATCHED_KEYS) {
      throw new RespException(
          "ERR more than the limit of " + RespLimits.MAX_WATCHED_KEYS + " watched keys");
    }
    watched.putIfAbsent(new ByteString(key), version);
  }

  public Map<ByteString, Long> watched() {
    return watched;
  }

  public void unwatch() {
    watched.clear();
  }

  /** Forgets all, watched keys too. */
  public void end() {
    queue.clear();
    memory.release();
    watched.clear();
    size = 0;
    bytes = 0;
    broken = false;
    open = false;
  }
}
