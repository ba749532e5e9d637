package io.kvstore.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The line format of the access log, which clients cannot forge. */
class AccessLogFormatTest {
  private static final Instant TIME = Instant.parse("2026-11-09T08:07:06.543219Z");

  private static final AccessEntry FULL =
      new AccessEntry(
          TIME,
          "192.0.2.7",
          "ann",
          new AccessEntry.Line("GET", "/k", "HTTP/1.1"),
          200,
          5,
          1_234_567,
          "http://example.org/",
          "curl/8");

  private static final AccessEntry EMPTY =
      new AccessEntry(TIME, "::1", null, null, 400, 0, 999, null, null);

  @Test
  void combinedLineIsThatOfApache() {
    assertThat(AccessLogFormat.COMBINED.line(FULL))
        .isEqualTo(
            "192.0.2.7 - ann [09/Nov/2026:08:07:06 +0000] \"GET /k HTTP/1.1\" 200 5"
                + " \"http://example.org/\" \"curl/8\"");
    assertThat(AccessLogFormat.COMBINED.line(EMPTY))
        .isEqualTo("::1 - - [09/Nov/2026:08:07:06 +0000] \"-\" 400 0 \"-\" \"-\"");
  }

  @Test
  void jsonLineIsAnObject() {
    assertThat(AccessLogFormat.JSON.line(FULL))
        .isEqualTo(
            "{\"time\":\"2026-11-09T08:07:06.543Z\",\"remote\":\"192.0.2.7\",\"user\":\"ann\","
                + "\"method\":\"GET\",\"target\":\"/k\",\"version\":\"HTTP/1.1\",\"status\":200,"
                + "\"bytes\":5,\"micros\":1234,\"referer\":\"http://example.org/\","
                + "\"userAgent\":\"curl/8\"}");
    assertThat(AccessLogFormat.JSON.line(EMPTY))
        .isEqualTo(
            "{\"time\":\"2026-11-09T08:07:06.543Z\",\"remote\":\"::1\",\"status\":400,\"bytes\":0,"
                + "\"micros\":0}");
  }

  @Test
  void whatClientsSendStaysWithinItsField() {
    AccessEntry evil =
        new AccessEntry(
            TIME,
            "192.0.2.7",
            null,
            new AccessEntry.Line("GET", "/a\"b\\c\u00e9\t", "HTTP/1.1"),
            404,
            0,
            0,
            "\n1.2.3.4 - - [x] \"GET / HTTP/1.1\" 200 0",
            "\u007f");

    assertThat(AccessLogFormat.COMBINED.line(evil))
        .isEqualTo(
            "192.0.2.7 - - [09/Nov/2026:08:07:06 +0000] \"GET /a\\\"b\\\\c\\xe9\\x09 HTTP/1.1\" 404 0"
                + " \"\\x0a1.2.3.4 - - [x] \\\"GET / HTTP/1.1\\\" 200 0\" \"\\x7f\"");
    assertThat(AccessLogFormat.JSON.line(evil)).doesNotContain("\n").contains("\\n1.2.3.4");
  }
}
