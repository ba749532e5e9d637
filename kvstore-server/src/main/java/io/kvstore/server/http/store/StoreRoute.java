package io.kvstore.server.http.store;

import io.kvstore.server.http.entry.EntryRequest;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests to the store as a whole: to the empty path, with a parameter that selects the route.
 * All other requests to the empty path, with whatever parameters, are for the entry with the empty
 * key.
 */
public enum StoreRoute {
  BATCH(Status.ONLY_POST_ALLOWED, "batch"),
  WATCH(Status.ONLY_READS_ALLOWED, "watch"),
  LISTING(Status.ONLY_READS_ALLOWED, "prefix", "limit", "cursor", "values");

  private final Status otherwise;

  @SuppressWarnings("ImmutableEnumChecker") // not changed after construction
  private final List<String> parameters;

  /**
   * @param otherwise the status for other methods
   */
  StoreRoute(Status otherwise, String... parameters) {
    this.otherwise = otherwise;
    this.parameters = List.of(parameters);
  }

  /**
   * Returns the route of a request, or null if it is one for an entry. A route accepts the
   * parameters of those below it as well.
   *
   * @throws HttpException if the method is not supported
   */
  static @Nullable StoreRoute of(EntryRequest request) {
    if (request.query().isEmpty() || request.key().length > 0) {
      return null;
    }
    for (StoreRoute route : values()) {
      for (String parameter : route.parameters) {
        if (request.query().has(parameter)) {
          return route.checked(request.method(), parameter);
        }
      }
    }
    return null;
  }

  private StoreRoute checked(Method method, String parameter) {
    boolean isRead = method == Method.GET || method == Method.HEAD;
    if (!(this == BATCH ? method == Method.POST : isRead)) {
      throw HttpException.of(
          otherwise,
          "/?" + parameter + " knows " + (this == BATCH ? "POST" : "GET and HEAD") + " only.");
    }
    return this;
  }
}
