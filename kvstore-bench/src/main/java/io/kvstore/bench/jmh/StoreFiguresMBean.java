package io.kvstore.bench.jmh;

import java.util.Map;

/**
 * Store statistics that a benchmark, which has the store, passes to {@link StoreProfiler}, which
 * JMH creates.
 */
public interface StoreFiguresMBean {

  /** Returns the store's statistics, by name and unit. */
  Map<String, Double> getFigures();
}
