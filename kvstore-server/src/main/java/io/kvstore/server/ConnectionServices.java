package io.kvstore.server;

import io.kvstore.server.accesslog.AccessLog;
import io.kvstore.server.admin.port.Authorizer;
import io.kvstore.server.admin.port.ManagementAccess;
import io.kvstore.server.auth.Grant;
import io.kvstore.server.auth.TokenFile;
import io.kvstore.server.config.AccessLogConfig;
import io.kvstore.server.config.ServerConfig;
import io.kvstore.server.config.TlsConfig;
import io.kvstore.server.http.HttpServices;
import io.kvstore.server.http.message.CrossOriginPolicy;
import io.kvstore.server.http.message.Hosts;
import io.kvstore.server.net.Budgets;
import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.net.SendBudget;
import io.kvstore.server.reload.FilePoller;
import io.kvstore.server.tls.Tls;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The services that every listener provides to its connections: TLS, authentication by token, the
 * memory budgets and the access log.
 *
 * @param first adds the handlers that must come first in the pipeline of a new connection, such as
 *     TLS
 * @param tokens the tokens that clients must present, or null if none are required
 * @param memory the memory budgets of all connections
 * @param log the access log, or null for none
 * @param policy decides about requests of web pages to the main port
 * @param files polls the files that these services are configured by
 */
record ConnectionServices(
    Consumer<Channel> first,
    @Nullable TokenFile tokens,
    Budgets memory,
    @Nullable AccessLog log,
    CrossOriginPolicy policy,
    FilePoller files)
    implements AutoCloseable {

  /**
   * Opens the services that are configured.
   *
   * @throws IOException if a file can't be read
   */
  static ConnectionServices open(ServerConfig config) throws IOException {
    FilePoller files = FilePoller.start();
    try {
      return new ConnectionServices(
          first(config, files),
          tokens(config, files),
          new Budgets(
              new ReceiveBudget(config.maxReceivingBytes()),
              new SendBudget(config.maxSendingBytes())),
          log(config.accessLog()),
          policy(config),
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

  private static CrossOriginPolicy policy(ServerConfig config) {
    Hosts hosts = config.tokenFile() == null ? Hosts.of(config.browsers().allowedHosts()) : null;
    return CrossOriginPolicy.of(hosts, config.browsers().allowedOrigins());
  }

  private static @Nullable TokenFile tokens(ServerConfig config, FilePoller files)
      throws IOException {
    Path file = config.tokenFile();
    return file == null ? null : TokenFile.open(file, files);
  }

  private static @Nullable AccessLog log(@Nullable AccessLogConfig config) throws IOException {
    return config == null ? null : AccessLog.open(config.format(), config.file());
  }

  /** Returns the services of the main port. */
  HttpServices http() {
    return new HttpServices(first, tokens, memory, log, policy);
  }

  /**
   * Whether the management port uses TLS: if TLS is configured, and its address is not loopback.
   */
  static boolean isTls(ServerConfig config, InetAddress management) {
    return config.tls() != null && !management.isLoopbackAddress();
  }

  /** Returns {@link #first()} for the management port, which uses no TLS on a loopback address. */
  Consumer<Channel> first(InetAddress management) {
    return management.isLoopbackAddress() ? channel -> {} : first;
  }

  /** Returns the access to the management port. */
  ManagementAccess access(InetAddress management, ServerConfig config) {
    Hosts hosts = Hosts.of(config.browsers().allowedHosts());
    return new ManagementAccess(management, hosts, authorizer(management));
  }

  /**
   * Returns the authorizer of the management port. On a loopback address, or without a token file,
   * all requests are authorized. Otherwise a request needs a token for all keys, except for health
   * checks and the dashboard's page, which contains no data and asks for the token.
   */
  private Authorizer authorizer(InetAddress management) {
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
