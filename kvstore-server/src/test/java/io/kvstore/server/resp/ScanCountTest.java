package io.kvstore.server.resp;

import static io.kvstore.server.resp.RespClient.latin1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScanCountTest {
  @Test
  void largeValuesDoNotMakeScansShorter() throws Exception {
    try (RespServer server = RespServer.start();
        RespClient client = server.connect()) {
      for (int i = 0; i < 5; i++) {
        server.served().put(latin1("key" + i), new byte[600 << 10]);
      }

      String reply = client.line("SCAN 0 COUNT 10");

      assertThat(reply).startsWith("*2\r\n$1\r\n0\r\n*5\r\n");
    }
  }

  @Test
  void countBoundsWhatIsLookedAt() throws Exception {
    try (RespServer server = RespServer.start();
        RespClient client = server.connect()) {
      for (int i = 0; i < 50; i++) {
        server.served().put(latin1("key" + i), new byte[100 << 10]);
      }

      String reply = client.line("SCAN 0 COUNT 20");

      assertThat(reply).contains("*20\r\n").doesNotStartWith("*2\r\n$1\r\n0\r\n");
    }
  }
}
