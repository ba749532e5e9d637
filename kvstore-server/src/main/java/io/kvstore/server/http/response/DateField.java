package io.kvstore.server.http.response;

import io.kvstore.server.net.HttpDate;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The Date field of responses (RFC 9110, §6.6.1), formatted once a second. For use by one event
 * loop.
 */
public final class DateField {
  private long second = Long.MIN_VALUE;
  private byte[] field = {};

  /** Writes the field. */
  void writeTo(ByteBuf out) {
    long now = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
    if (now != second) {
      second = now;
      String date = HttpDate.format(Instant.ofEpochSecond(now));
      field = ("Date: " + date + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
    out.writeBytes(field);
  }
}
