package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.RawClient;
import io.kvstore.server.testing.ServerProcess;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with a small heap, which ends if that is exhausted: clients that ask for far more than
 * it could hold, and do not read, neither end it nor keep it from answering others.
 */
class OwedMemoryTest {
  private static final int CLIENTS = 100;
  private static final int VALUE_BYTES = 3 << 20;

  /** Less than the half of the memory budget that is left while clients do not read. */
  private static final int TOLD_BYTES = 1 << 20;

  private static final int TIMEOUT_MILLIS = 60_000;
  private static final List<String> FLAGS = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
  private static final Pattern REDIS_PORT = Pattern.compile("Redis protocol on port (\\d+)");
  private static final String BIG = "$" + VALUE_BYTES + "\r\n";

  private final List<Socket> hostile = new ArrayList<>();

  @TempDir Path directory;

  @Test
  void repliesThatNobodyReadsEndNoProcess() throws Exception {
    try (ServerProcess server =
        ServerProcess.run(
            FLAGS,
            Map.of(),
            "--port",
            "0",
            "--resp-port",
            "0",
            "--data-dir",
            directory.resolve("data").toString())) {
      Matcher ready = server.ready();
      InetSocketAddress http = local(ready.group(1));
      Matcher found = REDIS_PORT.matcher(ready.group());
      assertThat(found.find()).isTrue();
      InetSocketAddress redis = local(found.group(1));
      try (RawClient client = RawClient.connect(http);
          Socket good = connect(redis)) {
        fill(good);
        String head = "HTTP/1.1 200 OK\r\n";
        everybody(redis, command("MGET big big big big big"), "*5\r\n" + BIG);
        assertOthersAreAnswered(client, good);
        everybody(redis, command("GET big").repeat(50), BIG);
        everybody(redis, transaction(), "+OK\r\n" + "+QUEUED\r\n".repeat(4) + "*4\r\n" + BIG);
        everybody(redis, command("GETRANGE big 0 -1").repeat(5), BIG);
        assertOthersAreAnswered(client, good);
        everybody(http, "GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20), head);
        everybody(redis, echo());
        everybody(redis, command("SETRANGE other " + VALUE_BYTES + " x").repeat(3));
        everybody(redis, command("BITOP OR other big big big"));
        assertOthersAreAnswered(client, good);
        everybodySends(http, "GET /?limit=10&values HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertOthersAreAnswered(client, good);
        everybody(http, "GET /?watch&values HTTP/1.1\r\nHost: localhost\r\n\r\n", head);
        for (int i = 0; i < 3; i++) {
          send(good, command("SET told " + "t".repeat(TOLD_BYTES)));
          expect(good, "+OK\r\n");
        }
        assertOthersAreAnswered(client, good);
        assertOneReadsAll(redis);
      }
    } finally {
      closeHostile();
    }
  }

  private static void fill(Socket good) throws IOException {
    send(good, "*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n" + BIG);
    send(good, "v".repeat(VALUE_BYTES) + "\r\n");
    expect(good, "+OK\r\n");
    send(good, command("SET small x"));
    expect(good, "+OK\r\n");
  }

  private static void assertOthersAreAnswered(RawClient client, Socket good) throws IOException {
    for (int i = 0; i < 20; i++) {
      client.send("GET /small HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.answer().text()).isEqualTo("x");
      send(good, command("GET small"));
      expect(good, "$1\r\nx\r\n");
    }
  }

  /** Lets many clients send the same, and each read how the answer begins, but no more. */
  private void everybody(InetSocketAddress address, String request, String start)
      throws IOException {
    everybodySends(address, request);
    for (Socket client : hostile) {
      expect(client, start);
    }
  }

  private void everybodySends(InetSocketAddress address, String request) throws IOException {
    closeHostile();
    for (int i = 0; i < CLIENTS; i++) {
      Socket client = connect(address);
      hostile.add(client);
      try {
        send(client, request);
      } catch (SocketException e) {
        // The request does not fit into the memory for requests.
      }
    }
  }

  /** Lets many clients send the same, and each read one byte, if it is not disconnected. */
  private void everybody(InetSocketAddress address, String request) throws IOException {
    everybodySends(address, request);
    for (Socket client : hostile) {
      try {
        assertThat(client.getInputStream().read()).as("any reply").isPositive();
      } catch (SocketException e) {
        // As above.
      }
    }
  }

  private void closeHostile() throws IOException {
    for (Socket client : hostile) {
      client.close();
    }
    hostile.clear();
  }

  private static void assertOneReadsAll(InetSocketAddress redis) throws IOException {
    try (Socket client = connect(redis)) {
      send(client, command("MGET big small big"));
      expect(client, "*3\r\n");
      for (String value : List.of(BIG, "$1\r\nx\r\n", BIG)) {
        expect(client, value);
        if (value.equals(BIG)) {
          byte[] all = client.getInputStream().readNBytes(VALUE_BYTES);
          assertThat(new String(all, StandardCharsets.ISO_8859_1))
              .isEqualTo("v".repeat(VALUE_BYTES));
          expect(client, "\r\n");
        }
      }
    }
  }

  private static String transaction() {
    return command("MULTI") + command("GET big").repeat(4) + command("EXEC");
  }

  private static String echo() {
    return "*2\r\n$4\r\nECHO\r\n" + BIG + "e".repeat(VALUE_BYTES) + "\r\n";
  }

  private static String command(String words) {
    String[] all = words.split(" ", -1);
    StringBuilder command = new StringBuilder("*" + all.length + "\r\n");
    for (String word : all) {
      command.append("$" + word.length() + "\r\n" + word + "\r\n");
    }
    return command.toString();
  }

  private static InetSocketAddress local(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(address);
    return socket;
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void expect(Socket client, String wanted) throws IOException {
    InputStream in = client.getInputStream();
    byte[] got = in.readNBytes(wanted.length());
    if (got.length < wanted.length()) {
      throw new EOFException("closed after " + got.length + " bytes");
    }
    assertThat(new String(got, StandardCharsets.ISO_8859_1)).isEqualTo(wanted);
  }
}
