package io.kvstore.bench.jmh;

import io.kvstore.bench.load.Workload;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** One calling thread and what it asks for: its own random keys, the same in every run. */
@State(Scope.Thread)
public class Client {
  private Workload workload;

  /** Starts over, once for each fork. */
  @Setup(Level.Trial)
  public void setUp(FilledStore store, ThreadParams thread) {
    workload = new Workload(store.entries, thread.getThreadIndex());
  }

  Workload workload() {
    return workload;
  }
}
