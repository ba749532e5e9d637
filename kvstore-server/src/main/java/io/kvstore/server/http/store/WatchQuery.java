package io.kvstore.server.http.store;

import io.kvstore.KvStore;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Query;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.message.VersionId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The parameters of a change feed. */
final class WatchQuery {
  private final byte[] prefix;
  private final boolean values;
  private final @Nullable VersionId last;

  private WatchQuery(byte[] prefix, boolean values, @Nullable VersionId last) {
    this.prefix = prefix;
    this.values = values;
    this.last = last;
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
        last == null || last.isEmpty() ? before(from) : version("Last-Event-ID", last));
  }

  /** Returns the version before the first one to send, or null if none is given. */
  private static @Nullable VersionId before(@Nullable String from) {
    if (from == null) {
      return null;
    }
    VersionId first = version("parameter from", from);
    if (first.version() == 0) {
      throw notAVersion("parameter from");
    }
    return new VersionId(first.version() - 1, first.mark());
  }

  private static VersionId version(String what, String text) {
    VersionId version = VersionId.parse(text);
    if (version == null || version.version() == Long.MAX_VALUE) {
      throw notAVersion(what);
    }
    return version;
  }

  private static HttpException notAVersion(String what) {
    return HttpException.of(Status.BAD_REQUEST, "The " + what + " is not the version of a change.");
  }

  /** Whether to include values. */
  boolean values() {
    return values;
  }

  /** Returns the version of the first change, or 0 for changes from now on. */
  long from() {
    return last == null ? 0 : last.version() + 1;
  }

  /**
   * Returns whether the store has the change that the client has seen last: not if that is one of
   * another history, as before a restore, or has not been written yet.
   */
  boolean isKnown(KvStore<?, ?> store) {
    return last == null || (last.isOf(store) && last.version() <= store.stats().sequence());
  }

  /** Whether changes of this key are reported. */
  boolean wants(byte[] key) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
