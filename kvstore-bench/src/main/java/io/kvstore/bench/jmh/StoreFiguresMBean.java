package io.kvstore.bench.jmh;

import java.util.Map;

/** What a benchmark, which has the store, leaves for {@link StoreProfiler}, which JMH makes. */
public interface StoreFiguresMBean {

  /** Returns what the store said of itself, by name and unit. */
  Map<String, Double> getFigures();
}
