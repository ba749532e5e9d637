package io.kvstore.faults;

import java.nio.file.Path;

/** A script: the operations on a store while one of its steps fails, and the checks afterwards. */
public interface Script {
  /** Makes what the runs on a kind of store start from; nothing fails meanwhile. */
  void prepare(Path template, Mode mode) throws Exception;

  /**
   * Runs it all, on the thread that calls.
   *
   * @throws AssertionError if anything has come that must not, or has not that must
   */
  void run(CaseRun run) throws Exception;
}
