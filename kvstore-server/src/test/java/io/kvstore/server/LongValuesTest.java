package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.DelegatingStore;
import io.kvstore.server.testing.EventClient;
import io.kvstore.server.testing.Json;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Long values in listings and change feeds, which are sent piece by piece. */
class LongValuesTest {
  private static final String TEXT =
      "\"line\"\\ \u00e4\u20ac\ud83d\ude00\u0001\u007f\n".repeat(40_000);
  private static final byte[] BINARY = new byte[900_001];

  static {
    new Random(1).nextBytes(BINARY);
    BINARY[0] = (byte) 0xFF;
  }

  private final DelegatingStore store = new DelegatingStore();
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(store);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void listingHasLongValuesAmongShortOnes() throws IOException {
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < 12; i++) {
      byte[] value = i % 3 == 0 ? BINARY : i % 3 == 1 ? utf8(TEXT) : utf8("short " + i);
      store.behind().put(utf8("k" + i), value);
      expected.put("k" + i, Base64.getEncoder().encodeToString(value));
    }

    for (int limit : new int[] {5, 12, 100}) {
      Map<String, String> listed = new HashMap<>();
      String cursor = "";
      do {
        String next = "";
        for (Map<String, @Nullable Object> line : list(limit, cursor)) {
          if (line.size() == 1) {
            next = "&cursor=" + line.get("cursor");
          } else {
            listed.put(String.valueOf(line.get("key")), value(line));
          }
        }
        cursor = next;
      } while (!cursor.isEmpty());
      assertThat(listed).isEqualTo(expected);
    }
  }

  private List<Map<String, @Nullable Object>> list(int limit, String cursor) throws IOException {
    try (RawClient client = server.connect()) {
      client.send("GET /?values&limit=" + limit + cursor + " HTTP/1.1\r\nHost: a\r\n\r\n");
      return Json.objects(client.answer().text());
    }
  }

  @Test
  void feedHasLongValuesAmongShortOnes() throws IOException {
    try (EventClient all = watch("/?watch&values");
        EventClient keys = watch("/?watch");
        EventClient others = watch("/?watch&values&prefix=other")) {
      for (EventClient client : List.of(all, keys, others)) {
        client.awaitId();
      }
      byte[][] values = {utf8(TEXT), utf8("short"), BINARY, BINARY, utf8("end")};
      for (int i = 0; i < values.length; i++) {
        store.behind().put(utf8("k" + i), values[i]);
      }
      store.behind().put(utf8("other"), utf8("last"));

      for (int i = 0; i < values.length; i++) {
        EventClient.Event event = all.next();
        assertThat(event.id()).isEqualTo(i + 1);
        assertThat(value(event.data())).isEqualTo(Base64.getEncoder().encodeToString(values[i]));
        assertThat(keys.next().toString())
            .isEqualTo(
                "%d put {key=k%d, version=%d, bytes=%d}"
                    .formatted(i + 1, i, i + 1, values[i].length));
      }
      assertThat(others.next().id()).isEqualTo(values.length + 1);
    }
  }

  private EventClient watch(String target) throws IOException {
    return EventClient.open(server.connect(), target, 0);
  }

  private static String value(Map<String, @Nullable Object> object) {
    Object text = object.get("value");
    return text == null
        ? String.valueOf(object.get("valueBase64"))
        : Base64.getEncoder().encodeToString(utf8(String.valueOf(text)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
