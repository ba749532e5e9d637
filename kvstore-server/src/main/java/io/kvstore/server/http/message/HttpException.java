package io.kvstore.server.http.message;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An error response: {@code status} and one sentence. Has no stack trace: clients cause it as often
 * as they like.
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

  /** The request can't be carried out, but it is clear where it ends: the connection goes on. */
  public static HttpException of(Status status, String sentence) {
    return new HttpException(status, sentence, false, null);
  }

  /** Nothing on the connection after this can be trusted, or is worth reading: it is closed. */
  public static HttpException fatal(Status status, String sentence) {
    return new HttpException(status, sentence, true, null);
  }

  /** A request that is not HTTP. */
  public static HttpException malformed(String sentence) {
    return fatal(Status.BAD_REQUEST, sentence);
  }

  /** The same, but the connection ends with it. */
  public HttpException asFatal() {
    return new HttpException(status, sentence(), true, field);
  }

  /** The same, with a header field in the answer, given as a whole. */
  public HttpException with(String headerField) {
    return new HttpException(status, sentence(), fatal, headerField);
  }

  public Status status() {
    return status;
  }

  public boolean isFatal() {
    return fatal;
  }

  /** What goes into the head of the answer, beside what its status says. */
  public @Nullable String field() {
    return field;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
