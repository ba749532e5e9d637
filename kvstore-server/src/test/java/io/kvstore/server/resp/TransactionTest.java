package io.kvstore.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a transaction leaves behind that comes to nothing because of what it watched. */
class TransactionTest {

  /** Returns the reply to EXEC of a transaction, of a client that watches what is changed. */
  private static String tooLate(RespClient client, RespClient other, String... commands)
      throws IOException {
    client.line("SET watched 1");
    client.line("WATCH watched");
    other.line("SET watched 2");
    client.line("MULTI");
    for (String command : commands) {
      assertThat(client.line(command)).isEqualTo("+QUEUED\r\n");
    }
    return client.line("EXEC");
  }

  @Test
  void nothingOfItHappens() throws Exception {
    try (RespServer server = RespServer.start();
        RespClient client = server.connect();
        RespClient other = server.connect()) {
      other.line("SUBSCRIBE news");
      try (RespClient third = server.connect()) {
        String reply =
            tooLate(client, third, "SET a 1", "CLIENT SETNAME x", "HELLO 3", "PUBLISH news lost");

        assertThat(reply).isEqualTo("*-1\r\n");
        assertThat(client.line("GET a")).isEqualTo("$-1\r\n");
        assertThat(client.line("CLIENT GETNAME")).isEqualTo("$-1\r\n");
        third.line("PUBLISH news first");
        assertThat(other.reply()).contains("first");
      }
    }
  }

  @Test
  void unwatchWithinComesTooLate() throws Exception {
    try (RespServer server = RespServer.start();
        RespClient client = server.connect();
        RespClient other = server.connect()) {
      assertThat(tooLate(client, other, "UNWATCH", "SET a 1")).isEqualTo("*-1\r\n");
      assertThat(client.line("GET a")).isEqualTo("$-1\r\n");
    }
  }

  @Test
  void laterCommandsSeeWhatEarlierOnesHaveWritten() throws Exception {
    try (RespServer server = RespServer.start();
        RespClient client = server.connect()) {
      client.line("MULTI");
      client.line("SET a 5");
      client.line("INCRBY a x");
      client.line("INCR a");
      client.line("RENAME a b");
      client.line("MGET a b");

      assertThat(client.line("EXEC").lines())
          .containsExactly(
              "*5",
              "+OK",
              "-ERR value is not an integer or out of range",
              ":6",
              "+OK",
              "*2",
              "$-1",
              "$1",
              "6");
      assertThat(client.line("GET b")).isEqualTo("$1\r\n6\r\n");
    }
  }
}
