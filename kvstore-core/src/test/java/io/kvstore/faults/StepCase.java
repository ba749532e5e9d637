package io.kvstore.faults;

/** A script on a kind of store, in which one step fails. */
record StepCase(String script, Mode mode, Fault fault, Step step) {

  /** Says all that it takes to repeat it. */
  @Override
  public String toString() {
    return script
        + " "
        + mode
        + " "
        + fault.thread()
        + " "
        + step
        + " #"
        + fault.occurrence()
        + " "
        + fault.error();
  }
}
