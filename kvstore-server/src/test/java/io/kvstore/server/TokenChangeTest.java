package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.Entry;
import io.kvstore.server.ListingBackPressureTest.PagedStore;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.DelegatingStore;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * Requests, transactions, streams and subscriptions that last longer than the rights of their
 * client: what a token allows is asked whenever it is used.
 */
@Timeout(60)
class TokenChangeTest {
  private static final String OWNER = "owner  rw owner-owner-owner *";
  private static final String TOKEN = "client-client-client";
  private static final String CLIENT = "client rw " + TOKEN + " *";
  private static final String READER = "client ro " + TOKEN + " *";
  private static final String OTHER_KEYS = "client rw " + TOKEN + " t/";

  private static final int ENTRIES = 100;

  @TempDir private Path directory;
  private Path file;
  private final PagedStore store = new PagedStore();
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    file = Files.write(directory.resolve("tokens"), List.of(OWNER, CLIENT));
    server = TestServer.start(store, Map.of("token-file", file.toString(), "resp-port", "0"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Replaces the line of the client's token; empty to remove it. */
  private void change(String line) throws IOException {
    Files.write(file, List.of(OWNER, line));
    server.lookAtFiles();
  }

  private byte[] stored(String key) {
    return store.behind().get(key.getBytes(UTF_8));
  }

  private void put(String key, byte[] value) {
    store.behind().put(key.getBytes(UTF_8), value);
  }

  private Jedis jedis() {
    Jedis jedis = new Jedis("127.0.0.1", server.respAddress().getPort());
    jedis.auth(TOKEN);
    return jedis;
  }

  private static String head(String method, String target) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
        + TOKEN
        + "\r\n";
  }

  // ---- transactions

  @ParameterizedTest
  @ValueSource(strings = {READER, OTHER_KEYS})
  void queuedCommandIsCheckedAgain(String changed) throws IOException {
    try (RawClient client = resp()) {
      client.send("MULTI\r\nSET k v\r\nPING\r\n");
      assertThat(line(client)).isEqualTo("+OK");
      assertThat(line(client)).isEqualTo("+QUEUED");
      assertThat(line(client)).isEqualTo("+QUEUED");

      change(changed);
      client.send("EXEC\r\n");

      assertThat(line(client)).isEqualTo("*2");
      assertThat(line(client)).startsWith("-NOPERM");
      assertThat(line(client)).isEqualTo("+PONG");
      assertThat(stored("k")).isNull();
    }
  }

  @Test
  void transactionOfARemovedTokenIsDiscarded() throws IOException {
    try (RawClient client = resp()) {
      client.send("MULTI\r\nSET k v\r\n");
      assertThat(line(client)).isEqualTo("+OK");
      assertThat(line(client)).isEqualTo("+QUEUED");

      change("");
      client.send("EXEC\r\n");

      assertThat(line(client)).startsWith("-EXECABORT").contains("NOAUTH");
      assertThat(stored("k")).isNull();
    }
  }

  private RawClient resp() throws IOException {
    RawClient client = RawClient.connect(server.respAddress());
    client.send("AUTH " + TOKEN + "\r\n");
    assertThat(line(client)).isEqualTo("+OK");
    return client;
  }

  private static String line(RawClient client) throws IOException {
    return client.line();
  }

  // ---- commands that visit the whole store

  @ParameterizedTest
  @ValueSource(strings = {"FLUSHALL", "KEYS *"})
  void longCommandEndsOnceTheTokenIsRemoved(String command) throws IOException {
    ScannedStore scanned = new ScannedStore();
    scanned.behind().put("k".getBytes(UTF_8), "v".getBytes(UTF_8));
    Map<String, String> flags = Map.of("token-file", file.toString(), "resp-port", "0");
    try (TestServer other = TestServer.start(scanned, flags);
        RawClient client = RawClient.connect(other.respAddress())) {
      scanned.whenScanned =
          () -> {
            Files.write(file, List.of(OWNER));
            other.lookAtFiles();
            return null;
          };
      client.send("AUTH " + TOKEN + "\r\n" + command + "\r\n");

      assertThat(line(client)).isEqualTo("+OK");
      assertThat(line(client)).startsWith("-NOPERM");
      assertThat(scanned.behind().size()).isEqualTo(1);
    }
  }

  /** Does something when a scan has been authorized and begins. */
  static final class ScannedStore extends DelegatingStore {
    volatile Callable<Void> whenScanned = () -> null;

    @Instead
    public Iterator<Entry<byte[], byte[]>> iterator() throws Exception {
      whenScanned.call();
      return behind().iterator();
    }
  }

  // ---- subscriptions

  @ParameterizedTest
  @ValueSource(strings = {"", OTHER_KEYS})
  void subscriberIsDisconnectedInsteadOfGettingAMessage(String changed) throws IOException {
    try (RawClient client = resp();
        Jedis owner = new Jedis("127.0.0.1", server.respAddress().getPort())) {
      owner.auth("owner-owner-owner");
      client.send("SUBSCRIBE c\r\n");
      for (String part : List.of("*3", "$9", "subscribe", "$1", "c", ":1")) {
        assertThat(line(client)).isEqualTo(part);
      }
      change(changed);

      owner.publish("c", "secret");

      assertThat(client.closed()).isTrue();
    }
  }

  // ---- HTTP

  @Test
  void bodyIsNotStoredOnceTheTokenIsRemoved() throws IOException {
    for (String target : List.of("/k", "/?batch")) {
      change(CLIENT);
      try (RawClient client = server.connect()) {
        String body = "[{\"op\":\"put\",\"key\":\"k\",\"value\":\"1\"}]";
        String method = target.equals("/k") ? "PUT" : "POST";
        client.send(
            head(method, target)
                + "Expect: 100-continue\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n");
        assertThat(client.headAnswer().status()).isEqualTo(100);
        client.send(body.substring(0, 10));

        change("");
        client.send(body.substring(10));

        assertThat(client.answer().status()).isEqualTo(401);
        assertThat(stored("k")).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", OTHER_KEYS})
  void watchEndsInsteadOfReportingAChange(String changed) throws IOException {
    try (RawClient client = server.connect()) {
      client.send(head("GET", "/?watch&values") + "\r\n");
      assertThat(client.headAnswer().status()).isEqualTo(200);
      put("k", new byte[] {1});
      assertThat(nextEvent(client)).contains("event: put");

      change(changed);
      put("k", "secret".getBytes(UTF_8));

      StringBuilder rest = new StringBuilder();
      for (byte[] chunk = client.chunk(); chunk.length > 0; chunk = client.chunk()) {
        rest.append(new String(chunk, UTF_8));
      }
      assertThat(rest.toString()).doesNotContain("event: put");
      client.send(head("GET", "/?watch") + "\r\n");
      assertThat(client.answer().status()).isEqualTo(changed.isEmpty() ? 401 : 403);
    }
  }

  private static String nextEvent(RawClient client) throws IOException {
    String text = new String(client.chunk(), UTF_8);
    return text.contains("event: ") ? text : nextEvent(client);
  }

  @Test
  void listingBreaksOffOnceTheTokenIsRemoved() throws Exception {
    for (int i = 0; i < ENTRIES; i++) {
      put("k" + i, new byte[1_000_000]);
    }
    try (RawClient client = server.connect()) {
      client.send(head("GET", "/?values") + "\r\n");
      Answer begun = client.headAnswer();
      assertThat(begun.status()).isEqualTo(200);
      assertThat(store.takenUntilCalm()).isLessThan(ENTRIES);

      change("");

      assertThatThrownBy(
              () -> {
                while (client.chunk().length > 0) {
                  // It must not look complete.
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void tokenWithANewSecretUnderTheSameNameIsAnother() throws IOException {
    try (Jedis jedis = jedis()) {
      jedis.set("k", "v");

      change("client rw another-another-another *");

      assertThatThrownBy(() -> jedis.get("k")).hasMessageStartingWith("NOAUTH");
    }
  }
}
