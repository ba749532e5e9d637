package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Date field of every response (RFC 9110, §6.6.1). */
class DateTest {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss zzz", Locale.US);

  @TempDir private Path directory;

  @Test
  void everyAnswerHasTheTime() throws Exception {
    String[] requests = {
      with("value", "PUT /k"),
      with("value", "PUT /k"),
      bare("GET /k"),
      bare("GET /k", "Range: bytes=1-2"),
      bare("GET /k", "If-None-Match: *"),
      bare("GET /none"),
      bare("GET /?limit=5"),
      bare("OPTIONS /"),
      bare("DELETE /k"),
      "nonsense\r\n\r\n"
    };
    try (TestServer server = TestServer.start();
        RawClient client = server.connect()) {
      for (String request : requests) {
        Instant before = Instant.now();
        client.send(request);
        Answer answer = client.answer();

        assertDate(answer.field("Date"), before);
      }
    }
  }

  @Test
  void managementTellsTheTimeToo() throws Exception {
    try (ManagedServer server = ManagedServer.start(directory)) {
      Instant before = Instant.now();
      String date =
          server.get(server.managed("/health/live")).headers().firstValue("Date").orElse("");

      assertDate(date, before);
    }
  }

  private static void assertDate(String date, Instant before) {
    Instant time = ZonedDateTime.parse(date, IMF_FIXDATE).toInstant();
    assertThat(time).isBetween(before.minus(Duration.ofSeconds(1)), Instant.now());
    assertThat(date).endsWith(" GMT").hasSize(29);
  }
}
