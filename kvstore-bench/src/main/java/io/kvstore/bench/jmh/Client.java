package io.kvstore.bench.jmh;

import io.kvstore.bench.load.Workload;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** The state of one calling thread: its own random keys, the same in every run. */
@State(Scope.Thread)
public class Client {
  private static final double ZIPF_EXPONENT = 0.99;

  /** How keys are chosen: all alike, or "zipf": a few of them most of the time. */
  @Param("uniform")
  public String keys = "uniform";

  private Workload workload;
  private @Nullable ZipfNumbers zipf;

  /** Starts over, once for each fork. */
  @Setup(Level.Trial)
  public void setUp(FilledStore store, ThreadParams thread) {
    long seed = thread.getThreadIndex();
    workload = new Workload(store.entries, seed, store.valueBytes);
    zipf =
        switch (keys) {
          case "uniform" -> null;
          case "zipf" -> new ZipfNumbers(store.entries, ZIPF_EXPONENT, seed);
          default ->
              throw new IllegalArgumentException("keys is " + keys + ", not uniform or zipf");
        };
  }

  String nextKey() {
    return zipf == null ? workload.nextKey() : Workload.key(zipf.next());
  }

  byte[] nextValue() {
    return workload.nextValue();
  }

  boolean nextIsPut(int percent) {
    return workload.nextIsPut(percent);
  }
}
