package io.kvstore.bench.jmh;

import io.kvstore.bench.BenchStore;
import io.kvstore.bench.load.Workload;
import io.kvstore.bench.rival.Rival;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** JMH state: the filled store that all threads of a benchmark share. */
@State(Scope.Benchmark)
public class FilledStore {
  /** Who is measured; any name of {@link Rival} will do. */
  @Param({"MAP", "KVSTORE"})
  public Rival store = Rival.KVSTORE;

  /** How many entries there are before the first call, and after the last. */
  @Param("1000000")
  public int entries;

  /** The length of every value. */
  @Param("100")
  public int valueBytes = Workload.VALUE_BYTES;

  private Filled filled;

  /** Fills it, once for each fork. */
  @Setup(Level.Trial)
  public void fill() {
    filled = Filled.open(store, entries, valueBytes);
  }

  /** Takes its directory away. */
  @TearDown(Level.Trial)
  public void close() {
    filled.close();
  }

  BenchStore get() {
    return filled.store();
  }
}
