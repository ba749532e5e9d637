package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Redis client makes the server remember is limited, and counts. */
class KeptNamesTest {
  private static final int LIMIT = 1 << 20;
  private static final String LONG = "n".repeat(60_000);

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        TestServer.start(
            Map.of(
                "max-sending-bytes",
                "" + LIMIT,
                "max-receiving-bytes",
                "" + LIMIT,
                "resp-port",
                "0"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void namesOfClientsAreShort() throws IOException {
    try (RawClient client = RawClient.connect(server.respAddress())) {
      client.send("CLIENT SETNAME " + LONG + "\r\n");
      assertThat(client.line()).startsWith("-ERR Client names cannot have more than 1024 bytes");
      client.send("HELLO 2 SETNAME " + LONG + "\r\n");
      assertThat(client.line()).contains("1024");
      client.send("CLIENT SETINFO LIB-NAME " + LONG + "\r\n");
      assertThat(client.line()).contains("1024");
    }
  }

  @Test
  void subscriptionsCountUntilTheyEnd() throws IOException {
    for (int round = 0; round < 2; round++) {
      try (RawClient client = RawClient.connect(server.respAddress())) {
        int subscribed = 0;
        String line = "";
        while (!line.startsWith("-OOM ")) {
          client.send("SUBSCRIBE " + subscribed + LONG + "\r\n");
          line = client.line();
          for (int i = 0; i < 5 && line.equals("*3"); i++) {
            var unused = client.line();
          }
          subscribed++;
        }
        assertThat(subscribed).isBetween(10, 20);
        for (int channel = 0; channel < 4; channel++) {
          client.send("UNSUBSCRIBE " + channel + LONG + "\r\n");
          for (int i = 0; i < 6; i++) {
            var unused = client.line();
          }
        }
        client.send("SUBSCRIBE " + LONG + "\r\n");
        assertThat(client.line()).isEqualTo("*3");
        for (int i = 0; i < 5; i++) {
          var unused = client.line();
        }
        client.send("RESET\r\n");
        assertThat(client.line()).isEqualTo("+RESET");
      }
    }
    assertThat(server.sending().taken()).isZero();
  }

  @Test
  void watchedKeysCountUntilTheyAreUnwatched() throws IOException {
    try (RawClient client = RawClient.connect(server.respAddress())) {
      for (int round = 0; round < 3; round++) {
        int watched = 0;
        String line = "+OK";
        while (line.equals("+OK")) {
          client.send("WATCH " + watched++ + LONG + "\r\n");
          line = client.line();
        }
        assertThat(line).startsWith("-ERR ").contains("" + LIMIT);
        assertThat(watched).isBetween(10, 20);
        client.send("UNWATCH\r\n");
        assertThat(client.line()).isEqualTo("+OK");
      }
    }
  }
}
