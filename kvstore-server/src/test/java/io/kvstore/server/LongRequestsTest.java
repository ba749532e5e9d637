package io.kvstore.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.net.Turn;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import io.kvstore.server.testing.WatchedStore;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests with more work than a turn: they do it elsewhere than on the event loop. */
class LongRequestsTest {
  private static final int MANY = 2_000;
  private static final String LARGE = "v".repeat((Turn.MAX_WORK + 1) * Turn.BYTES_PER_UNIT);

  private final WatchedStore store = new WatchedStore();
  private TestServer server;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(store);
    client = server.connect();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String request(String line, String body) {
    return line + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static String batch(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"op\":\"put\",\"key\":\"k" + i + "\",\"value\":\"v\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void longWritesAreDoneElsewhere() throws IOException {
    client.send(request("PUT /large", LARGE));
    assertThat(client.answer().status()).isEqualTo(201);
    client.send(request("POST /posted", "{\"other\":[],\"value\":\"" + LARGE + "\"}"));
    assertThat(client.answer().status()).isEqualTo(200);
    client.send(request("POST /?batch", batch(MANY)));
    assertThat(client.answer().text()).contains("\"version\":" + (MANY + 2) + ",");

    assertThat(store.workOnLoops()).isZero();
    assertThat(store.behind().get("large".getBytes(ISO_8859_1))).hasSize(LARGE.length());
    assertThat(store.behind().get("posted".getBytes(ISO_8859_1))).hasSize(LARGE.length());
  }

  @Test
  void shortWritesAreDoneAtOnce() throws IOException {
    client.send(request("PUT /a", "v"));
    assertThat(client.answer().status()).isEqualTo(201);
    client.send(request("POST /?batch", batch(10)));
    assertThat(client.answer().status()).isEqualTo(200);

    assertThat(store.workElsewhere()).isZero();
  }

  @Test
  void rejectedLongWritesAreAnsweredAsShortOnes() throws IOException {
    client.send(request("POST /?batch", batch(MANY) + "x"));
    assertThat(client.answer().status()).isEqualTo(400);
    client.send(
        "PUT /large HTTP/1.1\r\nHost: a\r\nIf-Match: \"7\"\r\nContent-Length: "
            + LARGE.length()
            + "\r\n\r\n"
            + LARGE);
    assertThat(client.answer().status()).isEqualTo(412);
    client.send(request("POST /large", "{\"values\":\"" + LARGE + "\"}"));
    assertThat(client.answer().status()).isEqualTo(400);

    client.send(request("GET /large", ""));
    assertThat(client.answer().status()).isEqualTo(404);
  }

  @Test
  void listingsAreReadAndFormattedElsewhere() throws IOException {
    client.send(request("POST /?batch", batch(MANY)));
    client.answer();

    client.send(request("GET /?prefix=k&values", "") + request("GET /k0", ""));

    Answer listing = client.answer();
    assertThat(listing.text().lines()).hasSize(MANY);
    assertThat(client.answer().text()).as("the request behind it").isEqualTo("v");
    assertThat(store.workOnLoops()).isLessThan(Turn.MAX_WORK);
  }

  @Test
  void listingsThatAreRejectedKeepTheConnection() throws IOException {
    client.send(
        request("GET /?cursor=~", "") + request("HEAD /?limit=1", "") + request("PUT /a", "v"));

    assertThat(client.answer().status()).isEqualTo(400);
    assertThat(client.headAnswer().status()).isEqualTo(200);
    assertThat(client.answer().status()).isEqualTo(201);
  }

  @Test
  void requestsBehindALongOneKeepTheirPlace() throws IOException {
    client.send(
        request("PUT /k", "old")
            + request("POST /?batch", batch(MANY))
            + request("GET /k1", "")
            + request("PUT /k1", LARGE)
            + request("GET /k1", ""));

    assertThat(client.answer().status()).isEqualTo(201);
    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(client.answer().text()).isEqualTo("v");
    assertThat(client.answer().status()).isEqualTo(204);
    assertThat(client.answer().body()).hasSize(LARGE.length());
  }
}
