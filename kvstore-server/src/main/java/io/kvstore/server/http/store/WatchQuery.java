package io.kvstore.server.http.store;

import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Query;
import io.kvstore.server.http.message.Status;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The parameters of a change feed. */
final class WatchQuery {
  private final byte[] prefix;
  private final boolean values;
  private final long from;

  private WatchQuery(byte[] prefix, boolean values, long from) {
    this.prefix = prefix;
    this.values = values;
    this.from = from;
  }

  /**
   * Parses the parameters. Last-Event-ID takes precedence over the parameter from: a browser that
   * reconnects sends both.
   *
   * @throws HttpException if they are not valid
   */
  static WatchQuery of(StoreRequest request) {
    Query query = request.query();
    ListingQuery.isOn(query, "watch");
    byte[] prefix = query.bytes("prefix");
    String last = request.lastEventId();
    String from = query.get("from");
    return new WatchQuery(
        prefix == null ? new byte[0] : prefix,
        ListingQuery.isOn(query, "values"),
        last == null || last.isEmpty()
            ? version("parameter from", from, 1)
            : version("Last-Event-ID", last, 0) + 1);
  }

  private static long version(String what, @Nullable String text, long least) {
    if (text == null) {
      return 0;
    }
    try {
      long version = Long.parseLong(text);
      if (version >= least && version < Long.MAX_VALUE && text.charAt(0) != '+') {
        return version;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw HttpException.of(Status.BAD_REQUEST, "The " + what + " is not the version of a change.");
  }

  /** Whether to include values. */
  boolean values() {
    return values;
  }

  /** Returns the version of the first change, or 0 for changes from now on. */
  long from() {
    return from;
  }

  /** Whether changes of this key are reported. */
  boolean wants(byte[] key) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
