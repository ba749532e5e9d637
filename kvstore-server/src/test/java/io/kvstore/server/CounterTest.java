package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.codec.Codecs;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counters: {@code POST /key?increment=n}. */
class CounterTest {
  private final KvStore<byte[], byte[]> store =
      KvStore.builder(Codecs.bytes(), Codecs.bytes()).open();
  @AutoClose private final TestServer server = TestServer.start(store);
  private final RawClient client = server.connect();

  CounterTest() throws IOException {}

  @Test
  void sumIsAnsweredAndStored() throws IOException {
    assertThat(increment("5").text()).isEqualTo("5\n");
    assertThat(increment("-7").text()).isEqualTo("-2\n");
    assertThat(increment("0").text()).isEqualTo("-2\n");
    assertThat(increment("9223372036854775807").text()).isEqualTo("9223372036854775805\n");

    assertThat(store.get(bytes("k"))).asString(UTF_8).isEqualTo("9223372036854775805");
  }

  @Test
  void deadlineAndLabelStay() throws IOException {
    PutOptions options = PutOptions.NONE.label("text/plain").ttl(Duration.ofMinutes(1));
    store.write(store.batch().put(bytes("k"), bytes("1"), options));
    Entry<byte[], byte[]> before = store.entry(bytes("k"));

    assertThat(increment("1").text()).isEqualTo("2\n");

    Entry<byte[], byte[]> after = store.entry(bytes("k"));
    assertThat(after.expiresAt()).isEqualTo(before.expiresAt());
    assertThat(after.label()).isEqualTo("text/plain");
  }

  @ParameterizedTest
  @CsvSource({
    "x, 1",
    "'', 1",
    "' 1', 1",
    "01, 1",
    "1.0, 1",
    "123456789012345678901, 1",
    "9223372036854775807, 1",
    "-9223372036854775808, -1"
  })
  void whatHasNoSumStays(String value, String delta) throws IOException {
    store.put(bytes("k"), bytes(value));

    Answer answer = increment(delta);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text()).endsWith(".\n");
    assertThat(store.get(bytes("k"))).isEqualTo(bytes(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "%2B1", "1.5", "9223372036854775808", "1&increment=2"})
  void whatIsNoNumberIsRejected(String delta) throws IOException {
    assertThat(increment(delta).status()).isEqualTo(400);
    assertThat(store.size()).isZero();
  }

  @Test
  void bodyIsRejected() throws IOException {
    client.send("POST /k?increment=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1");

    assertThat(client.answer().status()).isEqualTo(400);
  }

  @Test
  void everyIncrementCounts() throws Exception {
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clients.add(CompletableFuture.runAsync(this::countTo500));
    }
    for (CompletableFuture<Void> one : clients) {
      one.get();
    }

    assertThat(store.get(bytes("k"))).asString(UTF_8).isEqualTo("2000");
  }

  private void countTo500() {
    try (RawClient own = server.connect()) {
      for (int i = 0; i < 500; i++) {
        own.send("POST /k?increment=1 HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(own.answer().status()).isEqualTo(200);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Answer increment(String delta) throws IOException {
    client.send("POST /k?increment=" + delta + " HTTP/1.1\r\nHost: a\r\n\r\n");
    return client.answer();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
