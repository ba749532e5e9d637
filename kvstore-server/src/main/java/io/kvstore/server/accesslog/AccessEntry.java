package io.kvstore.server.accesslog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the access log: one answered request. Texts are as the client has sent them.
 *
 * @param time when its head was known
 * @param remote the address of the client
 * @param user the name of the token that it had, or null for none
 * @param request what it asked for, or null if that could not be made out
 * @param status of the answer
 * @param bytes of the answer's body, as they were sent
 * @param nanos from when the head was known until the answer was written
 * @param referer null if it has said none
 * @param userAgent null if it has said none
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

  /** The first line of a request. */
  public record Line(String method, String target, String version) {}
}
