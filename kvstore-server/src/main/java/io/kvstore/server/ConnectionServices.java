package io.kvstore.server;

import io.kvstore.server.accesslog.AccessLog;
import io.kvstore.server.admin.port.Authorizer;
import io.kvstore.server.auth.Grant;
import io.kvstore.server.auth.TokenFile;
import io.kvstore.server.config.AccessLogConfig;
import io.kvstore.server.config.ServerConfig;
import io.kvstore.server.config.TlsConfig;
import io.kvstore.server.http.HttpServices;
import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.reload.FilePoller;
import io.kvstore.server.tls.Tls;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The services that every listener gives to its connections: TLS, tokens, memory and the access
 * log.
 *
 * @param first puts what comes before everything else into the pipeline of a new connection
 * @param tokens of which clients have to have one, or null if they need none
 * @param receiving memory for requests that are on their way
 * @param log where requests are written down, or null for nowhere
 * @param files tells of changes of the files that this was made from
 */
record ConnectionServices(
    Consumer<Channel> first,
    @Nullable TokenFile tokens,
    ReceiveBudget receiving,
    @Nullable AccessLog log,
    FilePoller files)
    implements AutoCloseable {

  /**
   * Makes what is configured.
   *
   * @throws IOException if a file can't be used
   */
  static ConnectionServices open(ServerConfig config) throws IOException {
    FilePoller files = FilePoller.start();
    try {
      return new ConnectionServices(
          first(config, files),
          tokens(config, files),
          new ReceiveBudget(config.maxReceivingBytes()),
          log(config.accessLog()),
          files);
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private static Consumer<Channel> first(ServerConfig config, FilePoller files) throws IOException {
    TlsConfig tls = config.tls();
    return tls == null ? channel -> {} : Tls.open(tls, config.http().deliveryTime(), files)::addTo;
  }

  private static @Nullable TokenFile tokens(ServerConfig config, FilePoller files)
      throws IOException {
    Path file = config.tokenFile();
    return file == null ? null : TokenFile.open(file, files);
  }

  private static @Nullable AccessLog log(@Nullable AccessLogConfig config) throws IOException {
    return config == null ? null : AccessLog.open(config.format(), config.file());
  }

  /** Returns those of the main port. */
  HttpServices http() {
    return new HttpServices(first, tokens, receiving, log);
  }

  /** Tells whether an address is one that can be reached from elsewhere, where TLS is used. */
  static boolean isTls(ServerConfig config, InetAddress management) {
    return config.tls() != null && !management.isLoopbackAddress();
  }

  /** Returns the same as {@link #first()} for the management port, which is plain on loopback. */
  Consumer<Channel> first(InetAddress management) {
    return management.isLoopbackAddress() ? channel -> {} : first;
  }

  /**
   * Says who may use the management port: everybody on the loopback address, or if there are no
   * tokens; else who has one for all keys. Health is for everybody, and so is the page of the
   * dashboard: it has nothing in it, and asks for the token.
   */
  Authorizer authorizer(InetAddress management) {
    TokenFile file = tokens;
    if (file == null || management.isLoopbackAddress()) {
      return Authorizer.OPEN;
    }
    return (authorization, path, isWrite) -> {
      if (path.startsWith("/health/") || path.equals("/")) {
        return true;
      }
      Grant grant = file.bearer(authorization);
      return grant != null && grant.isUnlimited() && (grant.mayWrite() || !isWrite);
    };
  }

  @Override
  public void close() {
    files.close();
    if (log != null) {
      log.close();
    }
  }
}
