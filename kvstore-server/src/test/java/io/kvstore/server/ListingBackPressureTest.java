package io.kvstore.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KeyRange;
import io.kvstore.Page;
import io.kvstore.server.testing.DelegatingStore;
import io.kvstore.server.testing.RawClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Back pressure on listings: a client that does not read its list makes the server hold only so
 * much of it.
 */
class ListingBackPressureTest {
  private static final int CALM_MILLIS = 500;

  /** What the server may hold, and what the sockets on both sides may. */
  private static final long MAX_TAKEN_BYTES = 20 << 20;

  @ParameterizedTest
  @CsvSource({"1000, 80000", "900000, 80"})
  void entriesAreNotTakenFarAheadOfTheReader(int valueBytes, int entries) throws Exception {
    PagedStore store = new PagedStore();
    byte[] value = "v".repeat(valueBytes).getBytes(US_ASCII);
    for (int i = 0; i < entries; i++) {
      store.behind().put(("k" + i).getBytes(US_ASCII), value);
    }
    try (TestServer server = TestServer.start(store);
        RawClient client = server.connect()) {
      client.send("GET /?values HTTP/1.1\r\nHost: a\r\n\r\n");

      int taken = store.takenUntilCalm();

      assertThat(client.headAnswer().status()).isEqualTo(200);
      assertThat((long) taken * valueBytes).isLessThan(MAX_TAKEN_BYTES);
      int lines = 0;
      for (byte[] chunk = client.chunk(); chunk.length > 0; chunk = client.chunk()) {
        for (byte b : chunk) {
          lines += b == '\n' ? 1 : 0;
        }
      }
      assertThat(lines).isEqualTo(entries);
    }
  }

  @Test
  void listIsGivenUpWithItsClient() throws Exception {
    PagedStore store = new PagedStore();
    for (int i = 0; i < 100; i++) {
      store.behind().put(("k" + i).getBytes(US_ASCII), new byte[1_000_000]);
    }
    try (TestServer server = TestServer.start(store)) {
      try (RawClient client = server.connect()) {
        client.send("GET /?values HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.headAnswer().status()).isEqualTo(200);
      }

      assertThat(store.takenUntilCalm()).isLessThan(100);
    }
  }

  static final class PagedStore extends DelegatingStore {
    private final BlockingQueue<Integer> taken = new LinkedBlockingQueue<>();

    @Instead
    public Page<byte[], byte[]> page(KeyRange<byte[]> range, String cursor, int limit) {
      Page<byte[], byte[]> page = behind().page(range, cursor, limit);
      taken.add(page.entries().size());
      return page;
    }

    /** Returns how many entries were taken until no more were for a while. */
    int takenUntilCalm() throws InterruptedException {
      int sum = 0;
      for (Integer more = 0; more != null; more = taken.poll(CALM_MILLIS, TimeUnit.MILLISECONDS)) {
        sum += more;
      }
      return sum;
    }
  }
}
