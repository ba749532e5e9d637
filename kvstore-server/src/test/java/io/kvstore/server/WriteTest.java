package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.DelegatingStore;
import io.kvstore.server.testing.HeldStore;
import io.kvstore.server.testing.RawClient;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Writes that wait for the store, and writes that fail. */
class WriteTest {

  @Test
  void answersKeepTheirOrderWhileWritesWait() throws Exception {
    HeldStore store = new HeldStore();
    try (TestServer server = TestServer.start(store);
        RawClient client = server.connect()) {
      int count = 200;
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < count; i++) {
        requests.append(get()).append(put("value " + i)).append(get());
      }
      client.send(requests.toString());

      for (int i = 0; i < count; i++) {
        store.awaitPut();
        assertThat(store.waiting()).as("writes at a time").isEqualTo(1);
        Answer before = client.answer();
        assertThat(before.text()).isEqualTo(i == 0 ? notFound() : "value " + (i - 1));
        store.letGo();
        assertThat(client.answer().status()).isEqualTo(i == 0 ? 201 : 204);
        assertThat(client.answer().text()).isEqualTo("value " + i);
      }
    }
  }

  @Test
  void otherConnectionsGoOnWhileAWriteWaits() throws Exception {
    HeldStore store = new HeldStore();
    try (TestServer server = TestServer.start(store);
        RawClient writer = server.connect();
        RawClient first = server.connect();
        RawClient second = server.connect()) {
      writer.send(put("v"));
      store.awaitPut();

      first.send(get());
      second.send(get());

      assertThat(first.answer().status()).isEqualTo(404);
      assertThat(second.answer().status()).isEqualTo(404);
      store.letGo();
      assertThat(writer.answer().status()).isEqualTo(201);
    }
  }

  @Test
  void clientThatIsDoneSendingStillGetsTheAnswer() throws Exception {
    HeldStore store = new HeldStore();
    try (TestServer server = TestServer.start(store);
        RawClient client = server.connect()) {
      client.send(put("v"));
      client.shutdownOutput();

      store.letGo();

      assertThat(client.answer().status()).isEqualTo(201);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void stopWaitsForTheWriteUnderWay() throws Exception {
    HeldStore store = new HeldStore();
    TestServer server = TestServer.start(store);
    CompletableFuture<Void> stopped;
    try (RawClient client = server.connect();
        RawClient idle = server.connect()) {
      client.send(put("v") + get());
      store.awaitPut();
      stopped = CompletableFuture.runAsync(server::stop);
      assertThat(idle.closed()).as("idle ones go first").isTrue();
      assertThat(stopped).isNotDone();

      store.letGo();

      assertThat(client.answer().status()).isEqualTo(201);
    }
    stopped.get();
  }

  @Test
  void stopWaitsForTheRequestThatIsArriving() throws Exception {
    TestServer server = TestServer.start();
    CompletableFuture<Void> stopped;
    try (RawClient client = server.connect();
        RawClient idle = server.connect()) {
      client.send(
          "PUT /k HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(100);
      stopped = CompletableFuture.runAsync(server::stop);
      assertThat(idle.closed()).isTrue();

      client.send("body");

      assertThat(client.answer().status()).isEqualTo(201);
      assertThat(client.closed()).isTrue();
    }
    stopped.get();
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(new StoreFullException("no room"), 507, "no room"),
        arguments(new ClosedStoreException("closed"), 503, "closed"),
        arguments(new KvStoreException("could not sync /d/1.log"), 500, "could not sync"),
        arguments(new IllegalArgumentException("value too long"), 413, "too long"),
        arguments(new IllegalStateException("bug"), 500, "log"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failureIsAnsweredWithASentence(RuntimeException failure, int status, String sentence)
      throws Exception {
    for (boolean later : new boolean[] {false, true}) {
      try (TestServer server = TestServer.start(new FailingStore(failure, later));
          RawClient client = server.connect()) {
        client.send(put("v"));

        Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains(sentence);
        assertThat(answer.field("Retry-After")).isEqualTo(status == 503 ? "1" : null);
      }
    }
  }

  private static String get() {
    return "GET /k HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String put(String value) {
    return "PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: " + value.length() + "\r\n\r\n" + value;
  }

  private static String notFound() {
    return "There is no value under this key.\n";
  }

  static final class FailingStore extends DelegatingStore {
    private final RuntimeException failure;
    private final boolean later;

    FailingStore(RuntimeException failure, boolean later) {
      this.failure = failure;
      this.later = later;
    }

    @Instead
    public CompletableFuture<BatchResult> writeAsync(Batch<byte[], byte[]> batch) {
      if (later) {
        return CompletableFuture.supplyAsync(
            () -> {
              throw failure;
            });
      }
      return CompletableFuture.failedFuture(failure);
    }
  }
}
