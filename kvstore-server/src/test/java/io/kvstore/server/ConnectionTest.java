package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections between requests, and with bodies in unusual framings. */
class ConnectionTest {
  @AutoClose private final TestServer server = TestServer.start();
  private final RawClient client = server.connect();

  ConnectionTest() throws IOException {}

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      requests.append(put("/k" + i % 7, "value " + i)).append(get("/k" + i % 7));
      requests.append(i % 5 == 0 ? get("/none") : "");
    }

    client.send(requests.toString());

    for (int i = 0; i < 500; i++) {
      assertThat(client.answer().status()).isEqualTo(i < 7 ? 201 : 204);
      assertThat(client.answer().text()).isEqualTo("value " + i);
      if (i % 5 == 0) {
        assertThat(client.answer().status()).isEqualTo(404);
      }
    }
  }

  @Test
  void requestMayArriveByteByByte() throws IOException {
    for (byte b : (put("/k", "v") + get("/k")).getBytes(StandardCharsets.UTF_8)) {
      client.send(new byte[] {b});
    }

    assertThat(client.answer().status()).isEqualTo(201);
    assertThat(client.answer().text()).isEqualTo("v");
  }

  @Test
  void emptyLinesBeforeARequestAreSkipped() throws IOException {
    client.send("\r\n\r\n" + get("/k"));

    assertThat(client.answer().status()).isEqualTo(404);
  }

  @Test
  void chunkedBodyIsPutTogether() throws IOException {
    client.send(
        "PUT /k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
            + "3\r\nabc\r\n4;name=x\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n"
            + get("/k"));

    assertThat(client.answer().status()).isEqualTo(201);
    assertThat(client.answer().text()).isEqualTo("abcdefg");
  }

  @Test
  void longBodyInManyChunksIsPutTogether() throws IOException {
    Random random = new Random(1);
    StringBuilder value = new StringBuilder();
    client.send("PUT /k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 300; i++) {
      String chunk = Character.toString('a' + i % 26).repeat(1 + random.nextInt(3000));
      value.append(chunk);
      client.send(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
    }
    client.send("0\r\n\r\n" + get("/k"));

    assertThat(client.answer().status()).isEqualTo(201);
    assertThat(client.answer().text()).isEqualTo(value.toString());
  }

  @Test
  void clientThatAsksFirstGetsContinue() throws IOException {
    client.send("PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
    assertThat(client.answer().status()).isEqualTo(100);

    client.send("abc" + get("/k"));

    assertThat(client.answer().status()).isEqualTo(201);
    assertThat(client.answer().text()).isEqualTo("abc");
  }

  @Test
  void clientThatAsksFirstGetsAnErrorIfItIsTooMuch() throws IOException {
    client.send(
        "PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: "
            + (TestServer.MAX_VALUE_BYTES + 1)
            + "\r\nExpect: 100-continue\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(413);
    assertThat(client.closed()).isTrue();
  }

  @Test
  void clientThatAsksFirstGetsAnErrorIfTheMethodIsUnknown() throws IOException {
    client.send(
        "PATCH /k HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(405);
    assertThat(client.closed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Connection: close\r\n", "Connection: foo, Close\r\n"})
  void connectionIsClosedWhenAsked(String field) throws IOException {
    client.send("GET /k HTTP/1.1\r\nHost: a\r\n" + field + "\r\n" + get("/k"));

    assertThat(client.answer().field("Connection")).isEqualTo("close");
    assertThat(client.closed()).isTrue();
  }

  @Test
  void oldClientIsHungUpOn() throws IOException {
    client.send("GET /k HTTP/1.0\r\n\r\n");

    Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.field("Connection")).isEqualTo("close");
    assertThat(client.closed()).isTrue();
  }

  @Test
  void oldClientMayAskToStay() throws IOException {
    String stay = "Connection: Keep-Alive\r\n";
    client.send("PUT /k HTTP/1.0\r\n" + stay + "Content-Length: 1\r\n\r\nv");
    assertThat(client.answer().field("Connection")).isEqualTo("keep-alive");

    client.send("GET /k HTTP/1.0\r\n" + stay + "\r\n");

    assertThat(client.answer().text()).isEqualTo("v");
  }

  @Test
  void urlForAPathNamesTheSameKey() throws IOException {
    client.send(put("/k", "v") + "GET http://localhost:80/k HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(201);
    assertThat(client.answer().text()).isEqualTo("v");
  }

  @Test
  void rejectedRequestDoesNotEndTheConnection() throws IOException {
    client.send(get("/%zz") + get("/%ff") + post("/k", "{}") + request("FOO", "/k", "body"));
    client.send(request("FOO", "/k", "") + get("/k"));

    assertThat(client.answer().status()).isEqualTo(400);
    assertThat(client.answer().text()).contains("UTF-8");
    assertThat(client.answer().status()).isEqualTo(400);
    assertThat(client.answer().status()).isEqualTo(405);
    assertThat(client.answer().status()).isEqualTo(405);
    assertThat(client.answer().status()).isEqualTo(404);
  }

  @Test
  void bodyOfAReadIsSkipped() throws IOException {
    client.send(request("GET", "/k", get("/x")) + request("DELETE", "/k", "abc") + get("/k"));

    assertThat(client.answer().status()).isEqualTo(404);
    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(client.answer().status()).isEqualTo(404);
  }

  @Test
  void headHasNoBodyWhateverTheAnswer() throws IOException {
    client.send(request("HEAD", "/none", "") + request("HEAD", "/%zz", "") + get("/none"));

    Answer none = client.headAnswer();
    assertThat(none.status()).isEqualTo(404);
    assertThat(none.field("Content-Length")).isNotEqualTo("0");
    assertThat(client.headAnswer().status()).isEqualTo(400);
    assertThat(client.answer().status()).isEqualTo(404);
  }

  @Test
  void clientThatIsDoneSendingGetsAllAnswers() throws IOException {
    client.send(put("/k", "x".repeat(900_000)) + get("/k") + get("/k") + get("/k"));
    client.shutdownOutput();

    assertThat(client.answer().status()).isEqualTo(201);
    for (int i = 0; i < 3; i++) {
      assertThat(client.answer().body()).hasSize(900_000);
    }
    assertThat(client.closed()).isTrue();
  }

  @Test
  void lastAnswerIsSentWholeToAClientThatIsDoneSending() throws IOException {
    String value = "x".repeat(1_000_000);
    client.send(put("/k", value));
    assertThat(client.answer().status()).isEqualTo(201);

    for (int i = 0; i < 20; i++) {
      try (RawClient other = server.connect()) {
        other.send(get("/k").repeat(10) + "GET /k HTTP/1.0\r\n\r\n");
        other.shutdownOutput();

        for (int answers = 0; answers < 11; answers++) {
          assertThat(other.answer().body()).hasSize(value.length());
        }
        assertThat(other.closed()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab",
        "PUT /k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        "PUT /k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
        "DELETE /kept HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab",
        "DELETE /kept HTTP/1.1\r\nHost: a\r\n",
      })
  void requestThatIsCutShortIsNotApplied(String request) throws IOException {
    client.send(put("/kept", "v"));
    assertThat(client.answer().status()).isEqualTo(201);

    client.send(request);
    client.shutdownOutput();

    var unused = client.closed();
    try (RawClient other = server.connect()) {
      other.send(get("/k") + get("/kept"));
      assertThat(other.answer().status()).isEqualTo(404);
      assertThat(other.answer().text()).isEqualTo("v");
    }
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String put(String path, String body) {
    return request("PUT", path, body);
  }

  private static String post(String path, String body) {
    return request("POST", path, body);
  }

  private static String request(String method, String path, String body) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
