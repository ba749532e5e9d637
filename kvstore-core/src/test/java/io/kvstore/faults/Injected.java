package io.kvstore.faults;

/** The kinds of error that a step throws. */
public enum Injected {
  OUT_OF_MEMORY,
  STACK_OVERFLOW,
  PLAIN;

  Error create(String message) {
    return switch (this) {
      case OUT_OF_MEMORY -> new OutOfMemoryError(message);
      case STACK_OVERFLOW -> new StackOverflowError(message);
      case PLAIN -> new Error(message);
    };
  }
}
