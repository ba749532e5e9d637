package io.kvstore.faults;

/** The kinds of store that a script runs on: in memory, or a durability by its name. */
public enum Mode {
  IN_MEMORY,
  PROCESS,
  INTERVAL,
  SYNC;

  /** Returns whether an opening finds what an earlier one has stored. */
  public boolean isDurable() {
    return this != IN_MEMORY;
  }
}
