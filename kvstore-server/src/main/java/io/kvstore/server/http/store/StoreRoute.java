package io.kvstore.server.http.store;

import io.kvstore.server.http.entry.EntryRequest;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests to the store as a whole: to the empty path, with a parameter that says what is
 * wanted. Whatever else is asked of the empty path, with whatever parameters, is asked of the entry
 * that has the empty key.
 */
public enum StoreRoute {
  BATCH(Status.ONLY_POST_ALLOWED, "batch"),
  WATCH(Status.ONLY_READS_ALLOWED, "watch"),
  LISTING(Status.ONLY_READS_ALLOWED, "prefix", "limit", "cursor", "values");

  private final Status otherwise;

  @SuppressWarnings("ImmutableEnumChecker") // nothing changes it
  private final List<String> parameters;

  /**
   * @param otherwise the answer to other methods
   */
  StoreRoute(Status otherwise, String... parameters) {
    this.otherwise = otherwise;
    this.parameters = List.of(parameters);
  }

  /**
   * Returns what is asked of the store, or null if an entry is meant. A route takes the parameters
   * of those below it as well.
   *
   * @throws HttpException if it can't be asked by this method
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
