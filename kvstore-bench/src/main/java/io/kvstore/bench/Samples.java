package io.kvstore.bench;

import java.util.ArrayList;
import java.util.List;

/** Samples of one quantity, one for each round. Statistics of an empty set are NaN. */
public final class Samples {
  private final List<Double> inOrder = new ArrayList<>();

  /** Adds one. */
  public void add(double sample) {
    inOrder.add(sample);
  }

  /** Returns this one's figures divided by the other's of the same round. */
  public Samples by(Samples other) {
    Samples ratios = new Samples();
    for (int round = 0; round < Math.min(inOrder.size(), other.inOrder.size()); round++) {
      ratios.add(inOrder.get(round) / other.inOrder.get(round));
    }
    return ratios;
  }

  /** Returns the one in the middle, or half of the sum of the two there. */
  public double median() {
    List<Double> sorted = inOrder.stream().sorted().toList();
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    int middle = sorted.size() / 2;
    boolean odd = sorted.size() % 2 == 1;
    return odd ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Returns the least. */
  public double least() {
    return inOrder.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
  }

  /** Returns the most. */
  public double most() {
    return inOrder.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
  }
}
