package io.kvstore.bench.jmh;

import io.kvstore.bench.BenchStore;
import io.kvstore.bench.Load;
import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.rival.Rival;
import io.kvstore.bench.rival.StoreSpec;
import io.kvstore.bench.rival.Templates;
import org.jspecify.annotations.Nullable;

/**
 * A filled store in a scratch directory: a copy of one filled by another process if the run has
 * such {@link Templates}, else filled here.
 */
record Filled(ScratchDirectory scratch, BenchStore store) implements AutoCloseable {

  /** Opens it quiet: what was left to write is written, and what was left to collect collected. */
  static Filled open(Rival rival, int entries, int valueBytes) {
    ScratchDirectory scratch = ScratchDirectory.create();
    StoreSpec spec = new StoreSpec(scratch.path(), entries, valueBytes, false);
    Templates templates = Templates.ofThisRun();
    return new Filled(scratch, filled(rival, spec, rival.isPersistent() ? templates : null));
  }

  private static BenchStore filled(Rival rival, StoreSpec spec, @Nullable Templates templates) {
    if (templates != null) {
      templates.copy(rival, spec);
    }
    BenchStore store = rival.open(spec);
    if (templates == null) {
      store.load(Load.filling(spec.entries(), spec.valueBytes()));
      store.settle();
    }
    System.gc();
    return store;
  }

  @Override
  public void close() {
    store.close();
    scratch.close();
  }
}
