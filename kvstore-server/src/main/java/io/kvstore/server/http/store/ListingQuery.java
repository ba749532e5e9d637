package io.kvstore.server.http.store;

import io.kvstore.KeyRange;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Query;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.response.StreamType;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a listing.
 *
 * @param cursor where it goes on, or null for the start
 * @param limit the most entries, or {@link Integer#MAX_VALUE} for all
 * @param type one JSON object, or a line for each entry
 * @param values whether with the values
 */
record ListingQuery(
    KeyRange<byte[]> range, @Nullable String cursor, int limit, StreamType type, boolean values) {

  /** Entries in one JSON object, if nothing else is asked for. */
  static final int DEFAULT_LIMIT = 100;

  /** The most that can be asked for. */
  static final int MAX_LIMIT = 10_000;

  /**
   * Reads the parameters.
   *
   * @throws HttpException if they make no sense
   */
  static ListingQuery of(StoreRequest request) {
    Query query = request.query();
    boolean values = isOn(query, "values");
    boolean lines = values || request.accepts(StreamType.JSON_LINES);
    String cursor = query.get("cursor");
    return new ListingQuery(
        range(query),
        cursor == null || cursor.isEmpty() ? null : cursor,
        (int) query.number("limit", lines ? Integer.MAX_VALUE : DEFAULT_LIMIT, 1, MAX_LIMIT),
        lines ? StreamType.JSON_LINES : StreamType.JSON,
        values);
  }

  /** Returns the keys that the parameter prefix asks for. */
  static KeyRange<byte[]> range(Query query) {
    byte[] prefix = query.bytes("prefix");
    return prefix == null || prefix.length == 0 ? KeyRange.all() : KeyRange.prefix(prefix);
  }

  /**
   * Tells whether a parameter without a value is there.
   *
   * @throws HttpException if it has a value
   */
  static boolean isOn(Query query, String name) {
    String value = query.get(name);
    if (value != null && !value.isEmpty()) {
      throw HttpException.of(Status.BAD_REQUEST, "The parameter " + name + " takes no value.");
    }
    return value != null;
  }
}
