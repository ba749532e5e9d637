package io.kvstore.server.testing;

import java.nio.charset.StandardCharsets;

/** Requests as text, with a Host, and a length where there is a body. Strings are Latin-1. */
public final class Requests {
  private Requests() {}

  /**
   * A request without a body.
   *
   * @param line method and target, such as {@code GET /k}
   * @param fields whole header fields
   */
  public static String bare(String line, String... fields) {
    return head(line, fields) + "\r\n";
  }

  /** A request with a body. */
  public static String with(String body, String line, String... fields) {
    int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
    return head(line, fields) + "Content-Length: " + length + "\r\n\r\n" + body;
  }

  private static String head(String line, String... fields) {
    StringBuilder head = new StringBuilder(line + " HTTP/1.1\r\nHost: a\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    return head.toString();
  }
}
