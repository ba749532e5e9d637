package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.BitOP;
import redis.clients.jedis.exceptions.JedisDataException;

/** HTTP and the Redis protocol where clients need a token. */
class TokenTest {
  private static final String OWNER = "owner-owner-owner";
  private static final String READER = "reader-reader-reader";
  private static final String TENANT = "tenant-tenant-tenant";

  @TempDir private Path directory;
  private Path file;
  private TestServer server;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    file = directory.resolve("tokens");
    write(
        "owner  rw " + OWNER + " *",
        "reader ro " + READER + " *",
        "tenant rw " + TENANT + " t/ u/");
    server = TestServer.start(Map.of("token-file", file.toString(), "resp-port", "0"));
    client = server.connect();
    client.send(put("/t/1", OWNER) + put("/x", OWNER));
    assertThat(client.answer().status() / 100).isEqualTo(2);
    assertThat(client.answer().status() / 100).isEqualTo(2);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Authorization: Bearer \r\n",
        "Authorization: Bearer wrong-wrong-wrong\r\n",
        "Authorization: Basic " + OWNER + "\r\n",
        "Authorization: " + OWNER + "\r\n"
      })
  void unauthenticatedClientsGetTheChallenge(String field) throws IOException {
    for (String method : List.of("GET", "HEAD", "PUT", "POST", "DELETE")) {
      client.send(method + " /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n" + field + "\r\nv");

      Answer answer = method.equals("HEAD") ? client.headAnswer() : client.answer();
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.field("WWW-Authenticate")).startsWith("Bearer");
    }
    client.send(get("/x", OWNER));
    assertThat(client.answer().text()).isEqualTo("v");
  }

  @ParameterizedTest
  @CsvSource({
    READER + ", GET, /x, 200",
    READER + ", PUT, /x, 403",
    READER + ", DELETE, /x, 403",
    TENANT + ", GET, /t/1, 200",
    TENANT + ", GET, /t/none, 404",
    TENANT + ", DELETE, /u/1, 200",
    TENANT + ", GET, /x, 403",
    TENANT + ", PUT, /x, 403",
    TENANT + ", GET, /t, 403",
    TENANT + ", GET, /?prefix=t/, 200",
    TENANT + ", GET, /?prefix=t, 403",
    TENANT + ", GET, /?limit=5, 403",
    TENANT + ", GET, /?watch&prefix=x, 403",
    READER + ", GET, /?prefix=x, 200",
    READER + ", POST, /?batch, 403",
    TENANT + ", GET, /, 403",
    TENANT + ", GET, /?prefix=x, 403",
    OWNER + ", DELETE, /x, 200",
  })
  void tokenIsGoodForWhatItSays(String token, String method, String path, int status)
      throws IOException {
    client.send(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: a\r\nAuthorization: bearer  "
            + token
            + "\r\nContent-Length: 1\r\n\r\nv");

    assertThat(client.answer().status()).isEqualTo(status);
  }

  @Test
  void plainestRequestNeedsATokenToo() throws IOException {
    client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(401);
  }

  @Test
  void batchHasKeysOfTheTokenOnly() throws IOException {
    String own = "[{\"op\":\"put\",\"key\":\"t/7\",\"value\":\"7\"}";
    String others = ",{\"op\":\"require\",\"key\":\"x\",\"present\":true}";

    client.send(batch(own + others + "]") + get("/t/7", TENANT) + batch(own + "]"));

    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(403);
    assertThat(rejected.text()).contains("element 1");
    assertThat(client.answer().status()).isEqualTo(404);
    assertThat(client.answer().status()).isEqualTo(200);
  }

  private static String batch(String json) {
    return "POST /?batch HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
        + TENANT
        + "\r\nContent-Length: "
        + json.length()
        + "\r\n\r\n"
        + json;
  }

  @Test
  void longBodyOfAnUnauthenticatedClientIsNotWaitedFor() throws IOException {
    client.send("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(401);
    assertThat(client.closed()).isTrue();
  }

  @Test
  void changedFileCountsFromTheNextRequestOn() throws IOException {
    write("new rw new-new-new-new-new *");
    server.lookAtFiles();

    client.send(get("/x", OWNER) + get("/x", "new-new-new-new-new"));
    assertThat(client.answer().status()).isEqualTo(401);
    assertThat(client.answer().status()).isEqualTo(200);

    write("new rw");
    server.lookAtFiles();
    client.send(get("/x", "new-new-new-new-new"));
    assertThat(client.answer().status()).isEqualTo(200);
  }

  @Test
  void redisClientsGiveTheSameTokens() {
    try (Jedis jedis = jedis()) {
      assertRejected(() -> jedis.get("x"), "NOAUTH Authentication required.");
      assertRejected(() -> jedis.auth("wrong-wrong-wrong"), "WRONGPASS");
      assertRejected(() -> jedis.auth("owner", READER), "WRONGPASS");

      jedis.auth(OWNER);
      assertThat(jedis.set("y", "1")).isEqualTo("OK");
      assertThat(jedis.clientList()).contains("user=owner");

      jedis.auth("reader", READER);
      assertThat(jedis.get("y")).isEqualTo("1");
      assertThat(jedis.keys("*")).contains("t/1", "x", "y");
      assertRejected(
          () -> jedis.set("y", "2"),
          "NOPERM this user has no permissions to run the 'set' command");
      assertRejected(jedis::flushAll, "NOPERM this user has no permissions to run the 'flushall'");
      assertRejected(() -> jedis.publish("a", "b"), "NOPERM");
    }
  }

  @Test
  void redisClientsKeepToTheirPrefixes() {
    try (Jedis jedis = jedis()) {
      jedis.auth("tenant", TENANT);

      assertThat(jedis.get("t/1")).isEqualTo("v");
      assertThat(jedis.mset("t/2", "2", "u/2", "2")).isEqualTo("OK");
      assertThat(jedis.ping()).isEqualTo("PONG");
      assertThat(jedis.clientSetname("n")).isEqualTo("OK");
      String keys =
          "NOPERM this user has no permissions to access one of the keys used as arguments";
      assertRejected(() -> jedis.get("x"), keys);
      assertRejected(() -> jedis.mget("t/1", "x"), keys);
      assertRejected(() -> jedis.mset("t/1", "1", "x", "1"), keys);
      assertRejected(() -> jedis.rename("t/1", "x"), keys);
      assertRejected(() -> jedis.bitop(BitOP.OR, "t/1", "x"), keys);
      for (Runnable whole :
          List.<Runnable>of(
              () -> jedis.keys("*"),
              () -> jedis.scan("0"),
              jedis::randomKey,
              jedis::dbSize,
              jedis::flushAll,
              jedis::clientList,
              () -> jedis.publish("a", "b"))) {
        assertRejected(whole, "NOPERM this user has no permissions to run the '");
      }
    }
  }

  @Test
  void transactionWithOneForbiddenCommandIsNone() {
    try (Jedis jedis = jedis()) {
      jedis.auth(TENANT);
      var transaction = jedis.multi();
      transaction.set("t/9", "1");
      transaction.set("x", "1");

      assertRejected(transaction::exec, "EXECABORT");
      assertThat(jedis.exists("t/9")).isFalse();
    }
  }

  @Test
  void redisClientWhoseTokenIsRemovedIsUnauthenticated() throws IOException {
    try (Jedis jedis = jedis()) {
      jedis.auth(READER);
      assertThat(jedis.get("x")).isEqualTo("v");

      write("reader ro " + READER + " t/");
      server.lookAtFiles();
      assertRejected(() -> jedis.get("x"), "NOPERM");
      assertThat(jedis.get("t/1")).isEqualTo("v");

      write("owner rw " + OWNER + " *");
      server.lookAtFiles();
      assertRejected(() -> jedis.get("t/1"), "NOAUTH");
    }
  }

  private Jedis jedis() {
    return new Jedis("127.0.0.1", server.respAddress().getPort());
  }

  private static void assertRejected(Runnable call, String error) {
    assertThatThrownBy(call::run)
        .isInstanceOf(JedisDataException.class)
        .hasMessageStartingWith(error);
  }

  private void write(String... lines) throws IOException {
    Files.write(file, List.of(lines));
  }

  private static String get(String path, String token) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n";
  }

  private static String put(String path, String token) {
    return "PUT "
        + path
        + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
        + token
        + "\r\nContent-Length: 1\r\n\r\nv";
  }
}
