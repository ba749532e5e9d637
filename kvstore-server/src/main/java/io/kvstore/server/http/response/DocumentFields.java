package io.kvstore.server.http.response;

/**
 * The header fields of every response with content, as lines. The content may be whatever somebody
 * has stored; with these fields a browser runs none of it in the origin of the server, shows it to
 * no page of another origin, and does not guess its type.
 */
final class DocumentFields {
  static final String LINES =
      """
      X-Content-Type-Options: nosniff\r
      Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; sandbox\r
      Cross-Origin-Resource-Policy: same-origin\r
      """;

  private DocumentFields() {}
}
