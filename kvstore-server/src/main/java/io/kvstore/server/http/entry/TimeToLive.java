package io.kvstore.server.http.entry;

import io.kvstore.KvStore;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Status;
import java.time.Duration;

/** The time to live of an entry, as the parameter {@code ttl} has it: {@code 60}, {@code 1h}. */
final class TimeToLive {
  /** The name of the parameter. */
  static final String NAME = "ttl";

  /** The length to which error responses cut what a client sent. */
  private static final int MAX_QUOTED_CHARS = 40;

  private static final int MAX_DIGITS = 18;

  private TimeToLive() {}

  /**
   * Parses a number of seconds, or a number with a unit: ms, s, m, h or d.
   *
   * @throws HttpException if the text is malformed, or beyond the limits of the store
   */
  static Duration parse(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    long unitMillis = unitMillis(text.substring(digits));
    if (digits == 0 || unitMillis == 0) {
      throw invalid(text, "is not a number of seconds, or of the unit behind it: ms, s, m, h, d");
    }
    long count = digits > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(text.substring(0, digits));
    if (count > KvStore.MAX_TTL.toMillis() / unitMillis) {
      throw invalid(text, "is more than the limit of " + KvStore.MAX_TTL.toDays() + "d");
    }
    Duration ttl = Duration.ofMillis(count * unitMillis);
    if (ttl.compareTo(KvStore.MIN_TTL) < 0) {
      throw invalid(text, "is less than the limit of " + KvStore.MIN_TTL.toMillis() + "ms");
    }
    return ttl;
  }

  /** Returns 0 for an unknown unit. */
  private static long unitMillis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "", "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      default -> 0;
    };
  }

  private static HttpException invalid(String text, String what) {
    String quoted =
        text.length() > MAX_QUOTED_CHARS ? text.substring(0, MAX_QUOTED_CHARS) + "..." : text;
    return HttpException.of(Status.BAD_REQUEST, "The ttl \"" + quoted + "\" " + what + ".");
  }
}
