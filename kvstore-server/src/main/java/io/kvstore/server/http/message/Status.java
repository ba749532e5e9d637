package io.kvstore.server.http.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The status codes of this server, each with its fixed header fields. */
public enum Status {
  OK(200, "OK"),
  CREATED(201, "Created"),
  NO_CONTENT(204, "No Content"),
  PARTIAL_CONTENT(206, "Partial Content"),
  NOT_MODIFIED(304, "Not Modified"),
  BAD_REQUEST(400, "Bad Request"),
  UNAUTHORIZED(401, "Unauthorized", "WWW-Authenticate: Bearer realm=\"kvstore\""),
  FORBIDDEN(403, "Forbidden"),
  NOT_FOUND(404, "Not Found"),
  METHOD_NOT_ALLOWED(405, "Method Not Allowed", Method.ALLOW),
  ONLY_READS_ALLOWED(405, "Method Not Allowed", "Allow: GET, HEAD"),
  ONLY_POST_ALLOWED(405, "Method Not Allowed", "Allow: POST"),
  CONFLICT(409, "Conflict"),
  LENGTH_REQUIRED(411, "Length Required"),
  PRECONDITION_FAILED(412, "Precondition Failed"),
  CONTENT_TOO_LARGE(413, "Content Too Large"),
  URI_TOO_LONG(414, "URI Too Long"),
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
  RANGE_NOT_SATISFIABLE(416, "Range Not Satisfiable"),
  EXPECTATION_FAILED(417, "Expectation Failed"),
  MISDIRECTED(421, "Misdirected Request"),
  HEADERS_TOO_LARGE(431, "Request Header Fields Too Large"),
  INTERNAL_ERROR(500, "Internal Server Error"),
  NOT_IMPLEMENTED(501, "Not Implemented"),
  UNAVAILABLE(503, "Service Unavailable", "Retry-After: 1"),
  VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported"),
  INSUFFICIENT_STORAGE(507, "Insufficient Storage");

  private final int code;
  private final String reason;

  @SuppressWarnings("ImmutableEnumChecker") // never passed out of this class
  private final byte[] start;

  Status(int code, String reason, String... fields) {
    this.code = code;
    this.reason = reason;
    StringBuilder text = new StringBuilder("HTTP/1.1 " + code + ' ' + reason + "\r\n");
    for (String field : fields) {
      text.append(field).append("\r\n");
    }
    this.start = text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  /** Writes the status line and the fixed header fields. */
  public void writeTo(ByteBuf out) {
    out.writeBytes(start);
  }
}
