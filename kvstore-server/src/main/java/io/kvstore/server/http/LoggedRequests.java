package io.kvstore.server.http;

import io.kvstore.server.accesslog.AccessEntry;
import io.kvstore.server.accesslog.AccessLog;
import io.kvstore.server.auth.Grant;
import io.kvstore.server.auth.TokenFile;
import io.kvstore.server.http.response.ResponseWriter;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The access logging of one connection's requests, if there is an access log. */
final class LoggedRequests {
  private final @Nullable AccessLog log;
  private final @Nullable TokenFile tokens;
  private @Nullable Begun begun;
  private @Nullable String remote;

  /**
   * A request that is not answered yet.
   *
   * @param head null if it could not be parsed
   */
  private record Begun(@Nullable HttpRequest head, Instant time, long nanoTime) {
    static Begun now(@Nullable HttpRequest head) {
      return new Begun(head, Instant.now(), System.nanoTime());
    }

    AccessEntry.@Nullable Line line() {
      return head == null
          ? null
          : new AccessEntry.Line(head.method().name(), head.uri(), head.protocolVersion().text());
    }

    HttpHeaders fields() {
      return head == null ? EmptyHttpHeaders.INSTANCE : head.headers();
    }
  }

  LoggedRequests(@Nullable AccessLog log, @Nullable TokenFile tokens) {
    this.log = log;
    this.tokens = tokens;
  }

  /** Records the start of a request. */
  void begun(HttpRequest head, Channel channel) {
    if (log != null) {
      if (remote == null) {
        remote = address(channel); // now, since a closed channel has no remote address
      }
      begun = Begun.now(head.decoderResult().isFailure() ? null : head);
    }
  }

  /** Logs a request, or bytes that could not be parsed as one, as answered. */
  void answered(ResponseWriter out, Channel channel) {
    if (log != null) {
      Begun request = begun == null ? Begun.now(null) : begun;
      begun = null;
      HttpHeaders fields = request.fields();
      log.add(
          new AccessEntry(
              request.time(),
              remote == null ? address(channel) : remote,
              user(fields),
              request.line(),
              out.status().code(),
              out.bodyBytes(),
              System.nanoTime() - request.nanoTime(),
              fields.get(HttpHeaderNames.REFERER),
              fields.get(HttpHeaderNames.USER_AGENT)));
    }
  }

  private @Nullable String user(HttpHeaders fields) {
    Grant grant = tokens == null ? null : tokens.bearer(fields.get(HttpHeaderNames.AUTHORIZATION));
    return grant == null ? null : grant.name();
  }

  private static String address(Channel channel) {
    SocketAddress address = channel.remoteAddress();
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress()
        : String.valueOf(address);
  }
}
