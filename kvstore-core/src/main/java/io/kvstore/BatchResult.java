package io.kvstore;

import java.util.List;

/**
 * What has become of a {@link Batch}.
 *
 * @param applied whether all of it was applied; if not, nothing was
 * @param failedPrecondition the first precondition that did not hold, by its place among {@link
 *     Batch#preconditions()}, or -1 if all did
 * @param outcomes of a batch that was applied, one for each of {@link Batch#operations()}, in their
 *     order; of one that was not, none
 */
public record BatchResult(boolean applied, int failedPrecondition, List<Outcome> outcomes) {

  /** Copies the list. */
  public BatchResult {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * What one operation has done.
   *
   * @param version of what it has stored, the version of the entry after a put; 0 for a delete that
   *     found nothing, which changes nothing
   * @param existed whether there was an entry before, by what earlier operations of the same batch
   *     had left
   */
  public record Outcome(long version, boolean existed) {}

  /** Returns the result of a batch that was applied. */
  public static BatchResult applied(List<Outcome> outcomes) {
    return new BatchResult(true, -1, outcomes);
  }

  /** Returns the result of a batch of which a precondition did not hold. */
  public static BatchResult refused(int failedPrecondition) {
    return new BatchResult(false, failedPrecondition, List.of());
  }
}
