package io.kvstore.server.tls;

import io.kvstore.server.config.TlsConfig;
import io.kvstore.server.net.LongWork;
import io.kvstore.server.reload.FilePoller;
import io.kvstore.server.reload.Reloaded;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * TLS 1.3 and 1.2 for the connections of a listener, by the JDK. New connections use the current
 * certificate. When the files change, connections whose client certificate is no longer accepted
 * are closed. Safe for use by any thread.
 */
public final class Tls {
  /** The time limit for sending close_notify on a closed connection. */
  private static final Duration LAST_WORD_TIME = Duration.ofSeconds(1);

  private final Reloaded<ServerContext> context;
  private final Duration handshakeTime;

  /** The connections with a client certificate. */
  private final Set<Channel> certified = ConcurrentHashMap.newKeySet();

  private Tls(Reloaded<ServerContext> context, Duration handshakeTime) {
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
    if (files.clientCrl() != null) {
      paths.add(files.clientCrl());
    }
    Reloaded<ServerContext> context =
        poller.read("TLS certificate", paths, () -> ServerContext.read(files));
    Tls tls = new Tls(context, handshakeTime);
    context.onChange(tls::closeRejected);
    return tls;
  }

  /** Adds the TLS handler to a new connection. Must be called before other handlers are added. */
  public void addTo(Channel channel) {
    ServerContext accepting = context.current();
    // Signing takes a millisecond or more, for which no other connection should wait.
    SslHandler handler = accepting.context().newHandler(channel.alloc(), LongWork::execute);
    handler.setHandshakeTimeoutMillis(handshakeTime.toMillis());
    handler.setCloseNotifyFlushTimeoutMillis(LAST_WORD_TIME.toMillis());
    channel.pipeline().addLast(handler, new TlsEvents());
    if (accepting.clients() != null) {
      watch(channel, handler, accepting);
    }
  }

  private void watch(Channel channel, SslHandler handler, ServerContext accepting) {
    certified.add(channel);
    var unused = channel.closeFuture().addListener(closed -> certified.remove(channel));
    var unusedToo =
        handler
            .handshakeFuture()
            .addListener(
                done -> {
                  // The files may have changed during the handshake.
                  if (done.isSuccess() && context.current().context() != accepting.context()) {
                    closeIfRejected(channel, context.current());
                  }
                });
  }

  private void closeRejected() {
    ServerContext now = context.current();
    for (Channel channel : certified) {
      channel.eventLoop().execute(() -> closeIfRejected(channel, now));
    }
  }

  /** Closes a connection if its certificate is no longer accepted; on its event loop. */
  private static void closeIfRejected(Channel channel, ServerContext now) {
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    // A handshake that is not complete is checked at its end.
    boolean isComplete = handler != null && handler.handshakeFuture().isSuccess();
    if (isComplete && !now.accepts(handler.engine().getSession())) {
      var unused = channel.close();
    }
  }
}
