package io.kvstore.server.resp;

import static io.kvstore.server.resp.RespClient.latin1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The label that another protocol has set stays with the value, and goes with it. */
class LabelTest {
  private static final String LABEL = "image/png";

  private static void putLabelled(KvStore<byte[], byte[]> store) {
    store.write(store.batch().put(latin1("k"), latin1("v"), PutOptions.NONE.label(LABEL)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"EXPIRE k 100", "GETEX k EX 100", "GET k", "COPY k to", "RENAME k to", "TOUCH k"})
  void commandThatKeepsTheValueKeepsTheLabel(String command) throws Exception {
    try (RespServer server = RespServer.start();
        RespClient client = server.connect()) {
      putLabelled(server.served());

      client.line(command);
      client.line("PERSIST k");

      assertThat(server.served())
          .isNotEmpty()
          .allMatch(entry -> LABEL.equals(entry.label()))
          .extracting(Entry::value)
          .allMatch(value -> value.length == 1);
    }
  }

  @Test
  void newValueHasNoLabel() throws Exception {
    try (RespServer server = RespServer.start();
        RespClient client = server.connect()) {
      putLabelled(server.served());

      client.line("SET k w KEEPTTL");

      assertThat(server.served().entry(latin1("k")).label()).isNull();
    }
  }
}
