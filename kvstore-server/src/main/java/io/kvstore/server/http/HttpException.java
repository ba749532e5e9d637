package io.kvstore.server.http;

import java.io.Serial;

/**
 * A request that gets {@code status} and one sentence instead of what it asked for. Has no stack
 * trace: clients cause it as often as they like.
 */
final class HttpException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final Status status;
  private final boolean fatal;

  private HttpException(Status status, String sentence, boolean fatal) {
    super(sentence, null, false, false);
    this.status = status;
    this.fatal = fatal;
  }

  /** The request can't be carried out, but it is clear where it ends: the connection goes on. */
  static HttpException of(Status status, String sentence) {
    return new HttpException(status, sentence, false);
  }

  /** Nothing on the connection after this can be trusted, or is worth reading: it is closed. */
  static HttpException fatal(Status status, String sentence) {
    return new HttpException(status, sentence, true);
  }

  /** A request that is not HTTP. */
  static HttpException malformed(String sentence) {
    return fatal(Status.BAD_REQUEST, sentence);
  }

  /** The same, but the connection ends with it. */
  HttpException asFatal() {
    return fatal(status, sentence());
  }

  Status status() {
    return status;
  }

  boolean isFatal() {
    return fatal;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
