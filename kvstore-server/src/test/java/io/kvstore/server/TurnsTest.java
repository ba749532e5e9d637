package io.kvstore.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.ValueView;
import io.kvstore.server.net.Turn;
import io.kvstore.server.testing.DelegatingStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection with a backlog of requests takes turns with the other connections of its loop. */
class TurnsTest {
  /** Much more than a turn; their bytes fit in the socket's buffers. */
  private static final int BACKLOG = 16 * Turn.MAX_WORK;

  private static final int TIMEOUT_MILLIS = 60_000;

  private final GatedStore store = new GatedStore();

  /** The protocols: how each asks for a key, and the length of its reply, or 0 if that varies. */
  enum Door {
    HTTP("GET /%s HTTP/1.1\r\nHost: a\r\n\r\n", 0),
    RESP("GET %s\r\n", "$1\r\nv\r\n".length());

    private final String request;
    private final int replyBytes;

    Door(String request, int replyBytes) {
      this.request = request;
      this.replyBytes = replyBytes;
    }

    String get(String key) {
      return String.format(request, key);
    }

    InetSocketAddress address(TestServer server) {
      return this == HTTP ? server.address() : server.respAddress();
    }
  }

  @ParameterizedTest
  @EnumSource
  void backlogDoesNotKeepOthersWaiting(Door door) throws Exception {
    try (TestServer server = start();
        Socket busy = connect(door.address(server));
        Socket other = connect(door.address(server))) {
      send(busy, door.get("a").repeat(BACKLOG));
      store.begun.await();
      send(other, door.get("b"));
      store.gate.countDown();

      assertThat(other.getInputStream().read()).isPositive();
      assertThat(store.readsBefore).isLessThanOrEqualTo(2 * Turn.MAX_WORK);
      readReplies(busy, door, BACKLOG);
    }
  }

  @ParameterizedTest
  @EnumSource
  void backlogOfAClientThatHasEndedIsAnswered(Door door) throws Exception {
    store.gate.countDown();
    try (TestServer server = start();
        Socket busy = connect(door.address(server))) {
      send(busy, door.get("a").repeat(BACKLOG));
      busy.shutdownOutput();

      readReplies(busy, door, BACKLOG);

      assertThat(busy.getInputStream().read()).isEqualTo(-1);
    }
  }

  private TestServer start() throws IOException {
    store.behind().put("a".getBytes(ISO_8859_1), "v".getBytes(ISO_8859_1));
    store.behind().put("b".getBytes(ISO_8859_1), "v".getBytes(ISO_8859_1));
    return TestServer.start(store, Map.of("event-loops", "1", "resp-port", "0"));
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(address);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private static void readReplies(Socket socket, Door door, int count) throws IOException {
    int length = door.replyBytes;
    if (length == 0) {
      // The first response says how long all of them are.
      String first = "";
      while (!first.endsWith("\r\n\r\n")) {
        first += (char) socket.getInputStream().read();
      }
      length = first.length() + 1;
      assertThat(socket.getInputStream().read()).isEqualTo('v');
      count--;
    }
    int bytes = count * length;
    assertThat(socket.getInputStream().readNBytes(bytes)).hasSize(bytes);
  }

  /** A store that holds the first read of key a until the test opens the gate. */
  static final class GatedStore extends DelegatingStore {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);

    private int reads;

    /** The reads of key a before that of key b. */
    volatile int readsBefore = Integer.MAX_VALUE;

    @Instead
    public @Nullable ValueView view(byte[] key) throws InterruptedException {
      if (key[0] == 'a') {
        begun.countDown();
        assertThat(gate.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        reads++;
      } else {
        readsBefore = reads;
      }
      return behind().view(key);
    }
  }
}
