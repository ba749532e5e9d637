package io.kvstore.bench.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolTest {
  private static final byte[] KEY = "key:1".getBytes(US_ASCII);
  private static final byte[] VALUE = "abcde".getBytes(US_ASCII);

  @Test
  void httpAsksByTheOriginalsContract() {
    Protocol protocol = new HttpProtocol("host:1", true);

    assertThat(get(protocol)).isEqualTo("GET /key:1 HTTP/1.1\r\nHost: host:1\r\n\r\n");
    assertThat(put(protocol))
        .isEqualTo(
            "POST /key:1 HTTP/1.1\r\nHost: host:1\r\nContent-Type: application/json\r\n"
                + "Content-Length: 16\r\n\r\n{\"value\":\"abcd\"}");
  }

  @Test
  void httpPutsBytesAsTheyAre() {
    assertThat(put(new HttpProtocol("host:1", false)))
        .isEqualTo("PUT /key:1 HTTP/1.1\r\nHost: host:1\r\nContent-Length: 4\r\n\r\nabcd");
  }

  @Test
  void respAsksByGetAndSet() {
    assertThat(get(new RespProtocol())).isEqualTo("*2\r\n$3\r\nGET\r\n$5\r\nkey:1\r\n");
    assertThat(put(new RespProtocol()))
        .isEqualTo("*3\r\n$3\r\nSET\r\n$5\r\nkey:1\r\n$4\r\nabcd\r\n");
  }

  @Test
  void numbersAreDecimal() {
    for (int number : new int[] {0, 9, 10, 99, 100, 65_536, Integer.MAX_VALUE}) {
      ByteBuf out = Unpooled.buffer();
      Protocol.writeNumber(out, number);
      assertThat(out.toString(US_ASCII)).isEqualTo(Integer.toString(number));
    }
  }

  @Test
  void httpAnswersAreReadWhereverTheyAreCut() {
    String answers =
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde"
            + "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone"
            + "HTTP/1.1 204 No Content\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nfg\r\n3\r\nhij\r\n0\r\n\r\n"
            + "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    assertReadWhereverCut(
        () -> new HttpProtocol("host:1", true),
        answers,
        "abcde",
        "missing",
        "",
        "fghij",
        "closing",
        "failure status 503");
  }

  @Test
  void respAnswersAreReadWhereverTheyAreCut() {
    assertReadWhereverCut(
        RespProtocol::new,
        "+OK\r\n$5\r\nabcde\r\n$0\r\n\r\n$-1\r\n:12\r\n-ERR unknown command\r\n",
        "",
        "abcde",
        "",
        "missing",
        "",
        "failure ERR");
  }

  @Test
  void nonsenseIsUnreadable() {
    assertThat(read(RespProtocol::new, "*1\r\n")).containsExactly("unreadable a reply of type 42");
    assertThat(read(RespProtocol::new, "$-7\r\n"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("unread");
    assertThat(read(RespProtocol::new, "$x\r\n"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("unread");
    assertThat(read(() -> new HttpProtocol("host:1", true), "+OK\r\n\r\n"))
        .containsExactly("unreadable what is not HTTP");
  }

  private interface Maker {
    Protocol make();
  }

  private static void assertReadWhereverCut(Maker protocol, String answers, String... expected) {
    for (int cut = 0; cut <= answers.length(); cut++) {
      assertThat(read(protocol, answers.substring(0, cut), answers.substring(cut)))
          .as("cut at %d", cut)
          .containsExactly(expected);
    }
  }

  private static List<String> read(Maker protocol, String... pieces) {
    List<String> read = new ArrayList<>();
    EmbeddedChannel channel = new EmbeddedChannel();
    protocol.make().install(channel.pipeline(), new Notes(read));
    for (String piece : pieces) {
      channel.writeInbound(Unpooled.copiedBuffer(piece, US_ASCII));
    }
    channel.close();
    return read;
  }

  /** Writes down what it is told. */
  private record Notes(List<String> read) implements ResponseHandler {
    @Override
    public void success(ByteBuf body) {
      read.add(body.toString(US_ASCII));
    }

    @Override
    public void missing() {
      read.add("missing");
    }

    @Override
    public void failure(String what) {
      read.add("failure " + what);
    }

    @Override
    public void closing() {
      read.add("closing");
    }

    @Override
    public void unreadable(String why) {
      read.add("unreadable " + why);
    }
  }

  private static String get(Protocol protocol) {
    ByteBuf out = Unpooled.buffer();
    protocol.get(out, KEY);
    return out.toString(US_ASCII);
  }

  private static String put(Protocol protocol) {
    ByteBuf out = Unpooled.buffer();
    protocol.put(out, KEY, VALUE, 4);
    return out.toString(US_ASCII);
  }
}
