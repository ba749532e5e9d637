package io.kvstore.bench.net;

/** The load can't go on; the message says why. */
final class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LoadException(String message) {
    super(message);
  }

  LoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
