package io.kvstore.faults;

/** The kinds of error that a step throws. */
public enum Injected {
  OUT_OF_MEMORY,
  /** And the next allocations of the thread fail too: what is done about the first, perhaps. */
  NO_MEMORY_FOR_A_WHILE,
  STACK_OVERFLOW,
  PLAIN;

  Error create(String message) {
    return switch (this) {
      case OUT_OF_MEMORY, NO_MEMORY_FOR_A_WHILE -> new OutOfMemoryError(message);
      case STACK_OVERFLOW -> new StackOverflowError(message);
      case PLAIN -> new Error(message);
    };
  }
}
