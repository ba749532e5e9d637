package io.kvstore.server.http.message;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An error response: {@code status} and one sentence. Has no stack trace, since clients can cause
 * it at will.
 */
public final class HttpException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final Status status;
  private final boolean fatal;
  private final @Nullable String field;

  private HttpException(Status status, String sentence, boolean fatal, @Nullable String field) {
    super(sentence, null, false, false);
    this.status = status;
    this.fatal = fatal;
    this.field = field;
  }

  /**
   * Returns an error after which the connection can be kept, because the end of the request is
   * known.
   */
  public static HttpException of(Status status, String sentence) {
    return new HttpException(status, sentence, false, null);
  }

  /**
   * Returns an error after which the connection is closed, because the rest of the input can't be
   * trusted or is not worth reading.
   */
  public static HttpException fatal(Status status, String sentence) {
    return new HttpException(status, sentence, true, null);
  }

  /** Returns the fatal error for a request that is not HTTP. */
  public static HttpException malformed(String sentence) {
    return fatal(Status.BAD_REQUEST, sentence);
  }

  /** Returns the same error, after which the connection is closed. */
  public HttpException asFatal() {
    return new HttpException(status, sentence(), true, field);
  }

  /** Returns the same error with a header field, given as a line. */
  public HttpException with(String headerField) {
    return new HttpException(status, sentence(), fatal, headerField);
  }

  public Status status() {
    return status;
  }

  public boolean isFatal() {
    return fatal;
  }

  /** The additional header field, or null. */
  public @Nullable String field() {
    return field;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
