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
 * @param cursor the cursor to continue at, or null for the start
 * @param limit the maximum number of entries, or {@link Integer#MAX_VALUE} for all
 * @param type one JSON object, or a line for each entry
 * @param values whether to include values
 */
record ListingQuery(
    KeyRange<byte[]> range, @Nullable String cursor, int limit, StreamType type, boolean values) {

  /** The default number of entries in one JSON object. */
  static final int DEFAULT_LIMIT = 100;

  /** The maximum number of entries in one JSON object. */
  static final int MAX_LIMIT = 10_000;

  /**
   * Parses the parameters.
   *
   * @throws HttpException if they are not valid
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

  /** Returns the range of keys that the parameter prefix selects. */
  static KeyRange<byte[]> range(Query query) {
    byte[] prefix = query.bytes("prefix");
    return prefix == null || prefix.length == 0 ? KeyRange.all() : KeyRange.prefix(prefix);
  }

  /**
   * Whether a flag, a parameter without a value, is present.
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
