package io.kvstore.server.cli;

import java.io.Serial;

/** A line that is not an entry. The message is a predicate, to follow "line 17". */
final class BadLineException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  BadLineException(String message) {
    super(message);
  }
}
