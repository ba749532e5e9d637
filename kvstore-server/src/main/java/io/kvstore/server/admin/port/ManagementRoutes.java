package io.kvstore.server.admin.port;

import io.kvstore.server.http.message.CrossOriginPolicy;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The route table of the management port, with the checks that precede every route. */
public final class ManagementRoutes {
  /**
   * The header field that changes need. A page of another origin can't send it without a preflight
   * request, which is never granted.
   */
  static final String WRITE_FIELD = "kvstore-request";

  private static final String READINESS = "/health/";

  /** The paths for monitoring systems, which reveal little. */
  private static final Set<String> FOR_MACHINES =
      Set.of("/health/live", "/health/ready", "/metrics", "/openapi.json");

  private final Map<String, Map<String, Route>> byPath = new LinkedHashMap<>();
  private final ManagementAccess access;
  private final Executor workers;

  /**
   * @param workers execute all routes that may take longer than a health check
   */
  public ManagementRoutes(ManagementAccess access, Executor workers) {
    this.access = access;
    this.workers = workers;
  }

  public ManagementRoutes add(String method, String path, Route route) {
    byPath.computeIfAbsent(path, p -> new TreeMap<>()).put(method, route);
    return this;
  }

  /** Returns the routes by path and method. */
  public Map<String, Map<String, Route>> table() {
    return byPath;
  }

  /**
   * Returns the response to a request; the future completes on any thread, and never exceptionally.
   */
  CompletableFuture<Reply> answer(Exchange exchange) {
    Reply error = error(exchange);
    if (error != null) {
      return CompletableFuture.completedFuture(error);
    }
    Map<String, Route> methods = byPath.getOrDefault(exchange.path(), Map.of());
    Route route = methods.get(exchange.method());
    if (route == null) {
      return CompletableFuture.completedFuture(missing(methods));
    }
    if (exchange.path().startsWith(READINESS)) {
      return attempt(route, exchange);
    }
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    try {
      workers.execute(
          () -> {
            var unused = attempt(route, exchange).thenAccept(answer::complete);
          });
    } catch (RejectedExecutionException e) {
      answer.complete(
          Reply.problem(HttpResponseStatus.SERVICE_UNAVAILABLE, "Too many requests are waiting."));
    }
    return answer;
  }

  private static CompletableFuture<Reply> attempt(Route route, Exchange exchange) {
    try {
      return route.answer(exchange).exceptionally(Failures::reply);
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(Failures.reply(e));
    }
  }

  private @Nullable Reply error(Exchange exchange) {
    List<String> hosts = exchange.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || (hosts.isEmpty() && exchange.isCurrent())) {
      return Reply.problem(
          HttpResponseStatus.BAD_REQUEST, "The request has not one Host but " + hosts.size() + ".");
    }
    String host = hosts.isEmpty() ? "" : hosts.get(0);
    if (!access.accepts(host, FOR_MACHINES.contains(exchange.path()))) {
      return Reply.problem(
          HttpResponseStatus.MISDIRECTED_REQUEST,
          "This port answers to localhost, IP addresses and the names in --allowed-hosts, not to"
              + " the Host of the request.");
    }
    if (exchange.isWrite() && !isOwnWrite(exchange, host)) {
      return Reply.problem(
          HttpResponseStatus.FORBIDDEN,
          "A change needs the header field " + WRITE_FIELD + ", and a page of this port.");
    }
    String authorization = exchange.headers().get(HttpHeaderNames.AUTHORIZATION);
    if (!access.authorizer().admits(authorization, exchange.path(), exchange.isWrite())) {
      return Reply.problem(HttpResponseStatus.UNAUTHORIZED, "A bearer token is required.")
          .with(HttpHeaderNames.WWW_AUTHENTICATE.toString(), "Bearer");
    }
    return null;
  }

  private static boolean isOwnWrite(Exchange exchange, String host) {
    if (!exchange.headers().contains(WRITE_FIELD)) {
      return false;
    }
    return exchange.headers().getAll(HttpHeaderNames.ORIGIN).stream()
        .allMatch(origin -> CrossOriginPolicy.isOwn(origin, host));
  }

  private static Reply missing(Map<String, Route> methods) {
    if (methods.isEmpty()) {
      return Reply.problem(HttpResponseStatus.NOT_FOUND, "There is nothing under this path.");
    }
    String allowed = String.join(", ", methods.keySet());
    return Reply.problem(
            HttpResponseStatus.METHOD_NOT_ALLOWED, "The methods of this path are " + allowed + ".")
        .with(HttpHeaderNames.ALLOW.toString(), allowed);
  }
}
