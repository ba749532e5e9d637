package io.kvstore.server.http.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.http.message.RequestDecoder.Flow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast-path parser: finds what the decoder would find, and nothing unusual. */
class FastPathRequestTest {
  private static final String CURL =
      lines(
          "GET /some/key HTTP/1.1", "Host: localhost:3000", "User-Agent: curl/8.5", "Accept: */*");
  private static final String BROWSER =
      lines(
          "GET /k HTTP/1.1",
          "Host: [::1]:3000",
          "Connection: keep-alive",
          "Cache-Control: max-age=0",
          "sec-ch-ua-mobile: ?0",
          "Accept-Encoding: gzip, br",
          "Cookie: a=b; c=\"d\"");

  private static final String POST =
      lines(
              "POST /some/key HTTP/1.1",
              "Host: localhost:3000",
              "User-Agent: curl/8.5",
              "Accept: */*",
              "Content-Length: 17",
              "Content-Type: application/x-www-form-urlencoded")
          + "{\"value\":\"world\"}";

  private final FastPathRequest plain =
      new FastPathRequest(CrossOriginPolicy.of(Hosts.of(List.of("h")), List.of()));

  @Test
  void findsPlainRequests() {
    String shortest = lines("GET /k HTTP/1.1", "Host:h");
    String odd = lines("GET //a/../b;c=d HTTP/1.1", "HOST: \t h\t ", "connection:Keep-Alive");

    String empty = lines("POST /k HTTP/1.1", "Host: h", "content-length:  0 ");

    for (String request : new String[] {CURL, BROWSER, shortest, odd, POST, empty}) {
      assertThat(find(request)).isEqualTo(request.length());
      assertThat(find(request + request)).isEqualTo(request.length());
      requireAgreement(request);
    }
  }

  @Test
  void tellsOfContentCodings() {
    find(BROWSER);
    assertThat(plain.takesCodings()).isTrue();
    find(CURL);
    assertThat(plain.takesCodings()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Host: h\r\nHost: h\r\n",
        "Host: \r\n",
        "Host: a b\r\n",
        "Host : h\r\n",
        " Host: h\r\n",
        "Host: h\r\n folded\r\n",
        "Host: h\nAccept: a\r\n",
        "Host: h\rAccept: a\r\n",
        "Host: h\r\nAccept: a\u0000b\r\n",
        "Host: h\r\nAccept: \u00e4\r\n",
        "Host: h\r\nConnection: close\r\n",
        "Host: h\r\nConnection: keep-alive, upgrade\r\n",
        "Host: h\r\nContent-Length: 0\r\n",
        "Host: h\r\nTransfer-Encoding: chunked\r\n",
        "Host: h\r\nExpect: 100-continue\r\n",
        "Host: h\r\nUpgrade: h2c\r\n",
        "Host: h\r\nAuthorization: Bearer t\r\n",
        "Host: h\r\nRange: bytes=0-1\r\n",
        "Host: h\r\nIf-None-Match: \"1\"\r\n",
        "Host: h\r\nIf-Match: \"1\"\r\n",
        "Host: h\r\nIf-Range: \"1\"\r\n",
        "Host: h\r\nX-Unknown: 1\r\n",
        "Host: h\r\n: empty\r\n",
        "Host: h\r\nno colon\r\n",
      })
  void leavesUnusualFieldsToTheDecoder(String fields) {
    assertThat(find("GET /k HTTP/1.1\r\n" + fields + "\r\n")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "GET /k HTTP/1.0",
        "GET /k http/1.1",
        "GET /k  HTTP/1.1",
        "GET  /k HTTP/1.1",
        "get /k HTTP/1.1",
        "HEAD /k HTTP/1.1",
        "GET /k?ttl=1 HTTP/1.1",
        "GET /%6b HTTP/1.1",
        "GET /k#f HTTP/1.1",
        "GET /\u00e4 HTTP/1.1",
        "GET /a\u0007b HTTP/1.1",
        "GET http://h/k HTTP/1.1",
        "\r\nGET /k HTTP/1.1",
        "POST / HTTP/1.1",
        "POST /k?increment=1 HTTP/1.1",
        "POST /k HTTP/1.0",
        "PUT /k HTTP/1.1",
      })
  void leavesUnusualRequestLinesToTheDecoder(String line) {
    String length = line.startsWith("P") ? "Content-Length: 0\r\n" : "";
    assertThat(find(line + "\r\nHost: h\r\n" + length + "\r\n")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Content-Length: 1\r\nContent-Length: 1\r\n",
        "Content-Length: 1, 1\r\n",
        "Content-Length: +1\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x1\r\n",
        "Content-Length: 1.0\r\n",
        "Content-Length:\r\n",
        "Content-Length: 1 1\r\n",
        "Content-Length: 00000000001\r\n",
        "Content-Length: 4294967297\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 1\r\nExpect: 100-continue\r\n",
        "Content-Length: 1\r\nContent-Encoding: gzip\r\n",
        "Content-Length: 1\r\nIf-Match: *\r\n",
        "Content-Length: 1\r\nIf-None-Match: *\r\n",
        "Content-Length: 1\r\nAccept: application/json\r\n",
      })
  void leavesPostsToTheDecoderThatAskForMore(String fields) {
    assertThat(find("POST /k HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + "x".repeat(9))).isZero();
  }

  @Test
  void waitsForTheWholeRequest() {
    for (String request : new String[] {CURL, POST}) {
      for (int length = 0; length < request.length(); length++) {
        assertThat(find(request.substring(0, length))).as("%s bytes", length).isZero();
      }
    }
  }

  @Test
  void leavesLongHeadsToTheDecoder() {
    String start = "GET /k HTTP/1.1\r\nHost: h\r\nAccept: ";
    int fill = FastPathRequest.MAX_BYTES - start.length() - 4;

    assertThat(find(start + "a".repeat(fill) + "\r\n\r\n")).isEqualTo(FastPathRequest.MAX_BYTES);
    assertThat(find(start + "a".repeat(fill + 1) + "\r\n\r\n")).isZero();
  }

  @Test
  void agreesWithTheDecoderWhateverByteIsChanged() {
    int found = 0;
    for (String request : new String[] {CURL, BROWSER, POST}) {
      for (int at = 0; at < request.length(); at++) {
        for (int b = 0; b < 256; b++) {
          String changed = request.substring(0, at) + (char) b + request.substring(at + 1);
          found += find(changed) > 0 ? 1 : 0;
          requireAgreement(changed);
        }
      }
    }
    assertThat(found).isGreaterThan(5_000);
  }

  private static String lines(String... head) {
    return String.join("\r\n", head) + "\r\n\r\n";
  }

  private int find(String request) {
    return plain.find(Unpooled.wrappedBuffer(request.getBytes(ISO_8859_1)));
  }

  /** What is found, if anything, has to be what the decoder makes of the same bytes. */
  private void requireAgreement(String request) {
    int length = find(request);
    if (length == 0) {
      return;
    }
    byte[] key = plain.key();
    byte[] body = plain.isPost() ? plain.body().clone() : new byte[0];
    EmbeddedChannel channel =
        new EmbeddedChannel(new RequestDecoder(() -> Flow.DECODE, null, HttpLimits.of(100)));
    byte[] bytes = Arrays.copyOf(request.getBytes(ISO_8859_1), length);
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    channel.writeInbound(in);
    HttpRequest head = channel.readInbound();
    RequestHead read = RequestHead.of(head);

    assertThat(head.decoderResult().isSuccess()).as(request).isTrue();
    assertThat(head.method()).isEqualTo(plain.isPost() ? HttpMethod.POST : HttpMethod.GET);
    assertThat(KeyPath.key(head.uri())).isEqualTo(key);
    assertThat(read).isEqualTo(new RequestHead(ConnectionOption.KEEP, body.length, false));
    LastHttpContent end = channel.readInbound();
    assertThat(ByteBufUtil.getBytes(end.content())).isEqualTo(body);
    ReferenceCountUtil.release(end);
    Object more = channel.readInbound();
    assertThat(more).isNull();
    channel.finishAndReleaseAll();
  }
}
