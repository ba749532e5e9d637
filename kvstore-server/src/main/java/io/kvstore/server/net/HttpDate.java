package io.kvstore.server.net;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The date format of HTTP header fields: IMF-fixdate of RFC 9110, §5.6.7. */
public final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private HttpDate() {}

  /** Formats an instant, truncated to the second. */
  public static String format(Instant time) {
    return FORMAT.format(time);
  }
}
