package io.kvstore.bench.jmh;

import java.util.Map;

/**
 * Store statistics that a benchmark, which has the store, passes to {@link StoreProfiler}, which
 * JMH creates.
 */
public interface StoreFiguresMBean {

  /** Returns what the store said of itself, by name and unit. */
  Map<String, Double> getFigures();
}
