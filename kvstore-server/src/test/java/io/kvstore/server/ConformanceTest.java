package io.kvstore.server;

import static io.kvstore.server.RequestSample.SMUGGLED;
import static io.kvstore.server.RequestSample.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.DelegatingStore;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests as RFC 9110 and 9112 forbid them, and as they allow them and few expect them, each on a
 * connection of its own: they get as many answers as there are requests, what is rejected has no
 * effect, and the next client is served.
 */
class ConformanceTest {
  private static final DelegatingStore STORE = new DelegatingStore();

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start(STORE);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<RequestSample> rejected() {
    return RejectedRequests.all();
  }

  static Stream<RequestSample> unusual() {
    return UnusualRequests.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rejected")
  void brokenRequestGetsOneAnswerAndTheEnd(RequestSample sample) throws IOException {
    try (RawClient client = server.connect()) {
      client.send(sample.bytes() + SMUGGLED);

      Answer answer = client.answer();

      assertThat(answer.status()).isEqualTo(sample.statuses().get(0));
      assertThat(answer.field("Connection")).isEqualTo("close");
      assertThat(answer.text()).endsWith(".\n").doesNotContain("Exception");
      assertThat(client.closed()).as("closed after one answer").isTrue();
    }
    assertHolds(Map.of());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusual")
  void unusualRequestIsAnsweredAndSoIsTheNext(RequestSample sample) throws IOException {
    try (RawClient client = server.connect()) {
      client.send(sample.bytes() + get("/probe", ""));

      for (int i = 0; i < sample.statuses().size(); i++) {
        Answer answer = sample.headOnly() ? client.headAnswer() : client.answer();
        assertThat(sample.expects(i, answer.status())).as("%s: %s", i, answer).isTrue();
        boolean isLast = i == sample.statuses().size() - 1 && !sample.stays();
        assertThat("close".equals(answer.field("Connection"))).isEqualTo(isLast);
      }
      if (sample.stays()) {
        assertThat(client.answer().status()).as("the next one").isEqualTo(404);
        client.shutdownOutput();
      }
      assertThat(client.closed()).as("nothing more").isTrue();
    }
    assertHolds(sample.entries());
  }

  /** And the server is well. */
  private static void assertHolds(Map<String, String> entries) throws IOException {
    Map<String, String> found = new HashMap<>();
    STORE.behind().forEach(entry -> found.put(text(entry.key()), text(entry.value())));
    found.keySet().forEach(key -> STORE.behind().delete(key.getBytes(StandardCharsets.UTF_8)));
    assertThat(found).isEqualTo(entries);
    try (RawClient client = server.connect()) {
      client.send(get("/probe", ""));
      assertThat(client.answer().status()).isEqualTo(404);
    }
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
