package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that are broken, or mean one thing to us and another to somebody in front of us: one
 * answer, then the connection is closed, and nothing that follows in it is taken for a request.
 */
class MalformedRequestTest {
  private static final String H = "Host: a\r\n";
  private static final String SMUGGLED =
      "PUT /smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Arguments> requests() {
    return Stream.of(targets(), versions(), fields(), framings()).flatMap(s -> s);
  }

  private static Stream<Arguments> targets() {
    return Stream.of(
        arguments("space in target", 400, "GET /a b HTTP/1.1\r\n" + H + "\r\n"),
        arguments("two spaces after method", 400, "GET  /a HTTP/1.1\r\n" + H + "\r\n"),
        arguments("two spaces before version", 400, "GET /a  HTTP/1.1\r\n" + H + "\r\n"),
        arguments("tab for a space", 400, "GET\t/a HTTP/1.1\r\n" + H + "\r\n"),
        arguments("space before method", 400, " GET /a HTTP/1.1\r\n" + H + "\r\n"),
        arguments("space after version", 400, "GET /a HTTP/1.1 \r\n" + H + "\r\n"),
        arguments("NUL in target", 400, "GET /a\u0000b HTTP/1.1\r\n" + H + "\r\n"),
        arguments("control byte in target", 400, "GET /a\u0001b HTTP/1.1\r\n" + H + "\r\n"),
        arguments("DEL in target", 400, "GET /a\u007fb HTTP/1.1\r\n" + H + "\r\n"),
        arguments("vertical tab in target", 400, "GET /a\u000bb HTTP/1.1\r\n" + H + "\r\n"),
        arguments("carriage return in target", 400, "GET /a\rb HTTP/1.1\r\n" + H + "\r\n"),
        arguments("target without slash", 400, "GET a HTTP/1.1\r\n" + H + "\r\n"),
        arguments("asterisk for a key", 400, "GET * HTTP/1.1\r\n" + H + "\r\n"),
        arguments("URL without host", 400, "GET http:///a HTTP/1.1\r\n" + H + "\r\n"),
        arguments("no target", 400, "GET HTTP/1.1\r\n" + H + "\r\n"),
        arguments("method with brackets", 400, "G(T /a HTTP/1.1\r\n" + H + "\r\n"),
        arguments("TLS", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n"));
  }

  private static Stream<Arguments> versions() {
    return Stream.of(
        arguments("no version", 400, "GET /a\r\n\r\n"),
        arguments("version in lower case", 400, "GET /a http/1.1\r\n" + H + "\r\n"),
        arguments("version with two digits", 400, "GET /a HTTP/1.10\r\n" + H + "\r\n"),
        arguments("other protocol", 400, "GET /a FTP/1.1\r\n" + H + "\r\n"),
        arguments("HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        arguments("HTTP/1.2", 505, "GET /a HTTP/1.2\r\n" + H + "\r\n"),
        arguments("HTTP/0.9", 505, "GET /a HTTP/0.9\r\n" + H + "\r\n"));
  }

  private static Stream<Arguments> fields() {
    return Stream.of(
        arguments("no Host", 400, "GET /a HTTP/1.1\r\n\r\n"),
        arguments("two Hosts", 400, "GET /a HTTP/1.1\r\n" + H + H + "\r\n"),
        arguments("two Hosts in 1.0", 400, "GET /a HTTP/1.0\r\n" + H + H + "\r\n"),
        arguments("Host with a path", 400, "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        arguments("Host with a user", 400, "GET /a HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        arguments("two names in a Host", 400, "GET /a HTTP/1.1\r\nHost: a b\r\n\r\n"),
        arguments("field without colon", 400, "GET /a HTTP/1.1\r\n" + H + "abc\r\n\r\n"),
        arguments("field without name", 400, "GET /a HTTP/1.1\r\n" + H + ": b\r\n\r\n"),
        arguments("space before colon", 400, "GET /a HTTP/1.1\r\nHost : a\r\n\r\n"),
        arguments("space before first field", 400, "GET /a HTTP/1.1\r\n Host: a\r\n\r\n"),
        arguments("NUL in a field", 400, "GET /a HTTP/1.1\r\n" + H + "b: \u0000\r\n\r\n"),
        arguments("bare CR in a field", 400, "GET /a HTTP/1.1\r\n" + H + "b: c\rd: e\r\n\r\n"),
        arguments("bare LF after the line", 400, "GET /a HTTP/1.1\n" + H + "\r\n"),
        arguments("bare LF after a field", 400, "GET /a HTTP/1.1\r\nHost: a\n\r\n"),
        arguments("unknown expectation", 417, put("Content-Length: 1\r\nExpect: luck\r\n", "x")));
  }

  private static Stream<Arguments> framings() {
    String chunk = "1\r\nx\r\n0\r\n\r\n";
    String chunked = "Transfer-Encoding: chunked\r\n";
    return Stream.of(
        arguments("coding and length", 400, put(chunked + "Content-Length: 1\r\n", chunk)),
        arguments("length and coding", 400, put("Content-Length: 1\r\n" + chunked, chunk)),
        arguments("gzip, chunked", 501, put("Transfer-Encoding: gzip, chunked\r\n", chunk)),
        arguments("gzip and chunked", 501, put("Transfer-Encoding: gzip\r\n" + chunked, chunk)),
        arguments("chunked, gzip", 400, put("Transfer-Encoding: chunked, gzip\r\n", chunk)),
        arguments("identity", 400, put("Transfer-Encoding: identity\r\n", chunk)),
        arguments("empty coding", 400, put("Transfer-Encoding:\r\n", chunk)),
        arguments("chunked twice", 400, put(chunked + chunked, chunk)),
        arguments("chunked by another name", 400, put("Transfer-Encoding: xchunked\r\n", chunk)),
        arguments("coding in 1.0", 400, "PUT /b HTTP/1.0\r\n" + H + chunked + "\r\n" + chunk),
        arguments("two lengths", 400, put("Content-Length: 1\r\nContent-Length: 2\r\n", "xy")),
        arguments("equal lengths", 400, put("Content-Length: 1\r\nContent-Length: 1\r\n", "x")),
        arguments(
            "two lengths in 1.0",
            400,
            "PUT /b HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n"
                + "content-length: 2\r\n\r\nxy"),
        arguments("list of lengths", 400, put("Content-Length: 1, 1\r\n", "x")),
        arguments("negative length", 400, put("Content-Length: -1\r\n", "x")),
        arguments("length with a sign", 400, put("Content-Length: +1\r\n", "x")),
        arguments("hexadecimal length", 400, put("Content-Length: 0x1\r\n", "x")),
        arguments("empty length", 400, put("Content-Length:\r\n", "x")),
        arguments("huge length", 400, put("Content-Length: 99999999999999999999\r\n", "x")),
        arguments("long length", 413, put("Content-Length: 9223372036854775807\r\n", "x")),
        arguments("bad chunk size", 400, put(chunked, "g\r\nx\r\n0\r\n\r\n")),
        arguments("signed chunk size", 400, put(chunked, "+1\r\nx\r\n0\r\n\r\n")),
        arguments("negative chunk size", 400, put(chunked, "-1\r\nx\r\n0\r\n\r\n")),
        arguments("empty chunk size", 400, put(chunked, "\r\nx\r\n0\r\n\r\n")),
        arguments("huge chunk size", 400, put(chunked, "fffffffff\r\nx\r\n0\r\n\r\n")),
        arguments("chunk longer than it says", 400, put(chunked, "1\r\nxy\r\n0\r\n\r\n")),
        arguments("bare LF after chunk size", 400, put(chunked, "1\nx\r\n0\r\n\r\n")),
        arguments("bad trailer", 400, put(chunked, "1\r\nx\r\n0\r\nabc\r\n\r\n")));
  }

  private static String put(String fields, String body) {
    return "PUT /b HTTP/1.1\r\n" + H + fields + "\r\n" + body;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void oneAnswerAndTheEnd(String name, int status, String request) throws IOException {
    try (RawClient client = server.connect()) {
      client.send(request + SMUGGLED);

      Answer answer = client.answer();

      assertThat(answer.status()).as(name).isEqualTo(status);
      assertThat(answer.field("Connection")).isEqualTo("close");
      assertThat(answer.text()).endsWith(".\n").doesNotContain("Exception");
      assertThat(client.closed()).as("closed after one answer").isTrue();
    }
    try (RawClient client = server.connect()) {
      client.send("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");

      assertThat(client.answer().status()).as("nothing smuggled").isEqualTo(404);
      assertThat(client.answer().status()).as("nothing applied").isEqualTo(404);
    }
  }
}
