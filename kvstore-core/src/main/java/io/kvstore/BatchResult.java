package io.kvstore;

import java.util.List;

/**
 * The result of writing a {@link Batch}.
 *
 * @param applied whether the batch was applied; if not, nothing was written
 * @param failedPrecondition index of the first precondition that did not hold, in {@link
 *     Batch#preconditions()}, or -1 if all held
 * @param outcomes one for each of {@link Batch#operations()}, in their order; empty if the batch
 *     was not applied
 */
public record BatchResult(boolean applied, int failedPrecondition, List<Outcome> outcomes) {

  /** Copies the list. */
  public BatchResult {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * The result of one operation.
   *
   * @param version the version of the change, after a put also that of the entry; 0 for a delete
   *     that found no entry, which changes nothing
   * @param existed whether there was an entry before the operation, as earlier operations of the
   *     same batch had left it
   */
  public record Outcome(long version, boolean existed) {}

  /** Returns the result of a batch that was applied. */
  public static BatchResult applied(List<Outcome> outcomes) {
    return new BatchResult(true, -1, outcomes);
  }

  /** Returns the result of a batch that was not applied because a precondition did not hold. */
  public static BatchResult refused(int failedPrecondition) {
    return new BatchResult(false, failedPrecondition, List.of());
  }
}
