package io.kvstore.server.resp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP at the port of the Redis protocol: nothing in it is executed. */
class HttpRequestTest {
  private static final String FIELDS = "Host: x\r\nContent-Length: 20\r\n\r\n";
  private static final String COMMAND = "SET xproto pwned\r\n";

  private KvStore<byte[], byte[]> store;
  private RespServer server;

  @BeforeEach
  void start() {
    store = RespServer.store();
    server = RespServer.start(store);
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
  }

  /** Sends text and returns all that comes until the server closes. */
  private String answer(String text) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(text.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\n",
        "post /x?batch HTTP/1.1\r\n",
        "PUT /x HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.0\r\n",
        "HEAD / HTTP/1.1\r\n",
        "DELETE / HTTP/1.1\r\n",
        "OPTIONS * HTTP/1.1\r\n",
        "PATCH / HTTP/1.1\r\n",
        "PROPFIND / HTTP/1.1\r\n",
        "CONNECT a:1 HTTP/1.1\r\n",
        "Host: localhost\r\n",
        "host: localhost\r\n",
        "*3\r\n$4\r\nPOST\r\n$1\r\n/\r\n$8\r\nHTTP/1.1\r\n",
      })
  void connectionIsClosedBeforeTheBody(String line) throws IOException {
    assertThat(answer(line + FIELDS + COMMAND)).doesNotContain("OK");
    assertThat(store.get("xproto".getBytes(UTF_8))).isNull();
  }

  @Test
  void nothingAfterARequestIsExecutedEither() throws IOException {
    assertThat(answer("PING\r\nMULTI\r\nPOST / HTTP/1.1\r\n" + FIELDS + COMMAND + "EXEC\r\n"))
        .doesNotContain("QUEUED");
    assertThat(store.get("xproto".getBytes(UTF_8))).isNull();
  }

  @Test
  void commandsThatLookSimilarWork() throws IOException {
    String commands =
        "SET post HTTP/1.1\r\nGET post\r\nGET HTTP/1.1\r\nget a b\r\nnonsense / b\r\nQUIT\r\n";
    assertThat(answer(commands))
        .startsWith("+OK\r\n$8\r\nHTTP/1.1\r\n$-1\r\n-ERR wrong number")
        .contains("-ERR unknown command 'nonsense'")
        .endsWith("+OK\r\n");
  }
}
