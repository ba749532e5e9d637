package io.kvstore.server.accesslog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the access log: one answered request. Texts are as the client has sent them.
 *
 * @param time when the header section was received
 * @param remote the address of the client
 * @param user the name of its token, or null for none
 * @param request the request line, or null if it could not be parsed
 * @param status the status of the response
 * @param bytes the length of the response's body, as sent
 * @param nanos the time from the receipt of the header section until the response was written
 * @param referer the Referer, or null
 * @param userAgent the User-Agent, or null
 */
public record AccessEntry(
    Instant time,
    String remote,
    @Nullable String user,
    @Nullable Line request,
    int status,
    long bytes,
    long nanos,
    @Nullable String referer,
    @Nullable String userAgent) {

  /** A request line. */
  public record Line(String method, String target, String version) {}
}
