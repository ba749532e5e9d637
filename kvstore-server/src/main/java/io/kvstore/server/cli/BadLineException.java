package io.kvstore.server.cli;

import java.io.Serial;

/** A line is not an entry; the message goes on after "line 17". */
final class BadLineException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  BadLineException(String message) {
    super(message);
  }
}
