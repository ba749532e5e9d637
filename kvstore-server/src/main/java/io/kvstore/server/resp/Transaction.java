package io.kvstore.server.resp;

import io.kvstore.server.net.ReceiveBudget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands that a client has queued after MULTI, and the keys that it watches. */
final class Transaction {

  /** A command, ready to be carried out. */
  record Queued(RespCommand command, Request request) {}

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
  Transaction(ReceiveBudget.Share memory) {
    this.memory = memory;
  }

  boolean isOpen() {
    return open;
  }

  void open() {
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
  void add(RespCommand command, Request request) {
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

  List<Queued> queue() {
    return queue;
  }

  /** Says that a command could not be queued, so that none may be carried out. */
  void spoil() {
    broken |= open;
  }

  boolean isBroken() {
    return broken;
  }

  /** Remembers the version that a key has, 0 for none, unless it is watched already. */
  void watch(byte[] key, long version) {
    if (watched.size() == RespLimits.MAX_WATCHED_KEYS) {
      throw new RespException(
          "ERR more than the limit of " + RespLimits.MAX_WATCHED_KEYS + " watched keys");
    }
    watched.putIfAbsent(new ByteString(key), version);
  }

  Map<ByteString, Long> watched() {
    return watched;
  }

  void unwatch() {
    watched.clear();
  }

  /** Forgets all, watched keys too. */
  void end() {
    queue.clear();
    memory.release();
    watched.clear();
    size = 0;
    bytes = 0;
    broken = false;
    open = false;
  }
}
