package io.kvstore.server.tls;

import io.kvstore.server.config.TlsConfig;
import io.kvstore.server.reload.FilePoller;
import io.kvstore.server.reload.Reloaded;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * TLS 1.3 and 1.2 for the connections of a listener, by the JDK. New connections use the current
 * certificate. Safe for use by any thread.
 */
public final class Tls {
  /** The time limit for sending close_notify on a closed connection. */
  private static final Duration LAST_WORD_TIME = Duration.ofSeconds(1);

  private final Reloaded<SslContext> context;
  private final Duration handshakeTime;

  private Tls(Reloaded<SslContext> context, Duration handshakeTime) {
    this.context = context;
    this.handshakeTime = handshakeTime;
  }

  /**
   * Reads certificate and key.
   *
   * @param handshakeTime the time limit for a handshake
   * @throws IOException if the files are not valid
   */
  public static Tls open(TlsConfig files, Duration handshakeTime, FilePoller poller)
      throws IOException {
    List<Path> paths = new ArrayList<>(List.of(files.certificate(), files.key()));
    if (files.clientCa() != null) {
      paths.add(files.clientCa());
    }
    return new Tls(
        poller.read("TLS certificate", paths, () -> ServerContext.read(files)), handshakeTime);
  }

  /** Adds the TLS handler to a new connection. Must be called before other handlers are added. */
  public void addTo(Channel channel) {
    SslHandler handler = context.current().newHandler(channel.alloc());
    handler.setHandshakeTimeoutMillis(handshakeTime.toMillis());
    handler.setCloseNotifyFlushTimeoutMillis(LAST_WORD_TIME.toMillis());
    channel.pipeline().addLast(handler, new TlsEvents());
  }
}
