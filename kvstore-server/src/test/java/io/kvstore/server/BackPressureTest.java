package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.ValueView;
import io.kvstore.server.testing.DelegatingStore;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Back pressure: a client that does not read its responses makes the server hold only so many. */
class BackPressureTest {
  /** What the server may hold, and what the sockets on both sides may. */
  private static final long MAX_ANSWERED_BYTES = 16 << 20;

  private static final int BATCH = 50;

  /** More than the sockets can hold. */
  private static final long MIN_SENT_BYTES = 48 << 20;

  @ParameterizedTest
  @CsvSource({"100, 300000", "10000, 6000", "1000000, 500"})
  void requestsAreNotCarriedOutFarAheadOfTheReader(int valueBytes, int requests) throws Exception {
    CountingStore store = new CountingStore();
    store.behind().put("k".getBytes(StandardCharsets.UTF_8), new byte[valueBytes]);
    try (TestServer server = TestServer.start(store);
        RawClient client = server.connect()) {
      String filler = "x".repeat((int) (MIN_SENT_BYTES / requests));
      String request = "GET /k?" + filler + " HTTP/1.1\r\nHost: a\r\n\r\n";
      byte[] batch = request.repeat(BATCH).getBytes(StandardCharsets.UTF_8);
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < requests / BATCH; i++) {
                  send(client, batch);
                }
              });

      long answered = store.awaitStandstill(sent);

      assertThat(answered * valueBytes).isLessThan(MAX_ANSWERED_BYTES);
      for (int i = 0; i < requests; i++) {
        assertThat(client.answer().body()).hasSize(valueBytes);
      }
      sent.get();
      assertThat(store.reads.get()).isEqualTo(requests);
    }
  }

  private static void send(RawClient client, byte[] batch) {
    try {
      client.send(batch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static final class CountingStore extends DelegatingStore {
    final AtomicLong reads = new AtomicLong();

    @Instead
    public @Nullable ValueView view(byte[] key) {
      reads.incrementAndGet();
      return behind().view(key);
    }

    /** Waits until nothing is read any more, although the client would send more. */
    long awaitStandstill(CompletableFuture<Void> sent) {
      long before = -1;
      while (before != reads.get()) {
        before = reads.get();
        assertThatThrownBy(() -> sent.get(500, TimeUnit.MILLISECONDS))
            .as("the server stops reading")
            .isInstanceOf(TimeoutException.class);
      }
      return before;
    }
  }
}
