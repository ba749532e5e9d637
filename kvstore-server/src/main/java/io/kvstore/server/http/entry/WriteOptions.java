package io.kvstore.server.http.entry;

import io.kvstore.PutOptions;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.MediaType;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.Preconditions;
import io.kvstore.server.http.message.Query;
import io.kvstore.server.http.message.Status;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The options of a write, from its parameters and header fields.
 *
 * @param preconditions the preconditions of the write
 * @param put label and deadline of the value
 */
record WriteOptions(Preconditions preconditions, PutOptions put) {
  /** No options, as for most writes. */
  static final WriteOptions NONE = new WriteOptions(Preconditions.NONE, PutOptions.NONE);

  /** The default media type, which need not be stored. */
  private static final String UNKNOWN_TYPE = "application/octet-stream";

  /**
   * Parses the options of a method.
   *
   * @throws HttpException if they are malformed, or not supported
   */
  static WriteOptions of(Method method, Query query, HttpHeaders headers) {
    if (method.isRead()) {
      return NONE;
    }
    Preconditions preconditions = Preconditions.ofWrite(headers);
    PutOptions put = PutOptions.NONE;
    if (method == Method.PUT) {
      checkCoding(headers);
      checkBody(headers);
      @Nullable String label = label(headers);
      put = label == null ? put : put.label(label);
    }
    @Nullable String ttl = method == Method.DELETE ? null : query.get(TimeToLive.NAME);
    if (ttl != null) {
      put = put.ttl(TimeToLive.parse(ttl));
    }
    boolean isNone = preconditions.isNone() && put.label() == null && ttl == null;
    return isNone ? NONE : new WriteOptions(preconditions, put);
  }

  /** A value is stored as it is sent: in full. */
  private static void checkBody(HttpHeaders headers) {
    if (!headers.contains(HttpHeaderNames.CONTENT_LENGTH)
        && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      throw HttpException.of(
          Status.LENGTH_REQUIRED,
          "A PUT needs a body, which may be empty; this one has no Content-Length.");
    }
    if (headers.contains(HttpHeaderNames.CONTENT_RANGE)) {
      throw HttpException.of(Status.BAD_REQUEST, "A part of a value can't be stored.");
    }
  }

  /**
   * Checks that a body is not compressed: its content coding would not be kept. A POST is checked
   * only if its body is no JSON.
   *
   * @throws HttpException if it is
   */
  static void checkCoding(HttpHeaders headers) {
    for (String line : headers.getAll(HttpHeaderNames.CONTENT_ENCODING)) {
      for (String coding : line.split(",", -1)) {
        if (!coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
          throw HttpException.of(
                  Status.UNSUPPORTED_MEDIA_TYPE,
                  "The body has a Content-Encoding, which would not be stored; send it without.")
              .with("Accept-Encoding: identity");
        }
      }
    }
  }

  private static @Nullable String label(HttpHeaders headers) {
    @Nullable String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    if (type == null || type.equalsIgnoreCase(UNKNOWN_TYPE)) {
      return null;
    }
    if (headers.getAll(HttpHeaderNames.CONTENT_TYPE).size() > 1) {
      throw HttpException.of(Status.BAD_REQUEST, "The request has more than one Content-Type.");
    }
    if (type.length() > PutOptions.MAX_LABEL_BYTES) {
      throw HttpException.of(
          Status.BAD_REQUEST,
          "The Content-Type has "
              + type.length()
              + " bytes, more than the limit of "
              + PutOptions.MAX_LABEL_BYTES
              + ".");
    }
    if (!MediaType.isValid(type)) {
      throw HttpException.of(
          Status.BAD_REQUEST, "The Content-Type is not one like text/plain; charset=utf-8.");
    }
    return type;
  }
}
