package io.kvstore.bench.jmh;

import io.kvstore.bench.BenchStore;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The store that all threads of a benchmark share. */
@State(Scope.Benchmark)
public class FilledStore {
  /** Who is measured; see {@link BenchStore#filled}. */
  @Param({"map", "kvstore"})
  public String store = "";

  /** How many entries there are before the first call, and after the last. */
  @Param("1000000")
  public int entries;

  private BenchStore filled;

  /** Fills it, once for each fork. */
  @Setup(Level.Trial)
  public void fill() {
    filled = BenchStore.filled(store, entries);
  }

  /** Takes its directory away. */
  @TearDown(Level.Trial)
  public void close() {
    filled.close();
  }

  BenchStore get() {
    return filled;
  }
}
