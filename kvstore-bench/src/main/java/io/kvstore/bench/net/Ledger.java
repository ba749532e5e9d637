package io.kvstore.bench.net;

import io.netty.buffer.ByteBuf;

/**
 * The bookkeeping of one thread: its keys, the versions written, and the results of the current
 * step. Confined to that thread.
 */
final class Ledger {
  private final KeyNames names;
  private final Values values;
  private final Versions versions;
  private Period period = new Period(0, 0, 0);
  private Tally tally = new Tally();

  Ledger(KeyNames names, Values values, Versions versions) {
    this.names = names;
    this.values = values;
    this.versions = versions;
  }

  /** Starts another part of the run. */
  void open(Period newPeriod, Tally newTally) {
    period = newPeriod;
    tally = newTally;
  }

  /** Ends the step: its tally no longer belongs to this thread. */
  void close() {
    tally = new Tally();
  }

  /** Writes the request of a task, and adds it to the operations in flight. */
  void send(Task task, Protocol protocol, ByteBuf out, Operations underWay) {
    int key = task.key();
    byte[] name = names.name(key);
    long now = System.nanoTime();
    if (task.isPut()) {
      int supersedes = versions.answered(key);
      int version = versions.send(key);
      int length = values.make(names.number(key), version);
      protocol.put(out, name, values.bytes(), length);
      underWay.add(task, now, version, supersedes);
    } else {
      protocol.get(out, name);
      underWay.add(task, now, 0, versions.oldest(key));
    }
  }

  /** The oldest operation in flight has succeeded. */
  void success(Operations underWay, ByteBuf body, long nowNanos) {
    int key = underWay.key();
    if (underWay.isPut()) {
      versions.acknowledge(key, underWay.version(), underWay.bound());
      complete(underWay, tally.puts(), nowNanos);
      return;
    }
    int version = values.version(names.number(key), body);
    Versions.Verdict verdict =
        version == Values.WRONG
            ? Versions.Verdict.NEVER_SENT
            : versions.judge(key, version, underWay.bound());
    switch (verdict) {
      case RIGHT -> complete(underWay, tally.gets(), nowNanos);
      case STALE -> tally.countStale();
      case NEVER_SENT -> tally.countWrong();
    }
  }

  /** The oldest operation in flight has found no value. */
  void missing(Operations underWay) {
    if (underWay.isPut()) {
      failure(underWay, "a put answered like a get of nothing");
    } else {
      tally.countMissing();
    }
  }

  /** The oldest operation in flight got an error response. */
  void failure(Operations underWay, String what) {
    if (underWay.isPut()) {
      versions.refuse(underWay.key(), underWay.version());
    }
    tally.countFailure(what);
  }

  /** The oldest operation in flight has lost its connection. */
  void lost(Operations underWay, String why) {
    if (underWay.isPut()) {
      versions.lose(underWay.key(), underWay.version());
    }
    tally.countFailure(why);
  }

  /** A connection has failed. */
  void trouble(String what) {
    tally.countFailure(what);
  }

  private void complete(Operations underWay, Tally.Latencies latencies, long nowNanos) {
    if (period.measures(nowNanos)) {
      tally.countCompleted();
    }
    if (period.measures(underWay.dueNanos())) {
      Tally.record(latencies.sinceDue(), nowNanos - underWay.dueNanos());
      Tally.record(latencies.sinceSent(), nowNanos - underWay.sentNanos());
    }
  }
}
