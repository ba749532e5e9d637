package io.kvstore.bench.jmh;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.bench.BenchStore;
import io.kvstore.bench.ScratchDirectory;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** JMH state: a filled kvstore, for benchmarks of features that the rivals do not have. */
@State(Scope.Benchmark)
public class OwnStore {
  /** How many entries there are before the first call. */
  @Param("1000000")
  public int entries;

  private ScratchDirectory scratch;
  private KvStore<String, byte[]> store;

  /** Fills it, once for each fork. */
  @Setup(Level.Trial)
  public void fill() {
    scratch = ScratchDirectory.create();
    store = BenchStore.openKvStore(scratch.path(), Durability.INTERVAL);
    BenchStore.fill(store::put, entries);
    store.sync();
    System.gc();
  }

  /** Takes its directory away. */
  @TearDown(Level.Trial)
  public void close() {
    store.close();
    scratch.close();
  }

  KvStore<String, byte[]> get() {
    return store;
  }
}
