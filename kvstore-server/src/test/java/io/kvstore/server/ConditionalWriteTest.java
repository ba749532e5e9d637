package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.DelegatingStore;
import io.kvstore.server.testing.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditional writes. */
class ConditionalWriteTest {
  private static final String[] METHODS = {"PUT", "POST", "DELETE"};
  private static final String JSON = "{\"value\":\"new\"}";

  /** V stands for the version of the entry, A for one before, ~ parts two fields. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // of an entry that is there | and of one that is not
        "If-Match: \"V\" | true | false",
        "If-Match: \"V-gzip\" | true | false",
        "If-Match: \"A\", \"V\" | true | false",
        "If-Match: \"x\",\"V\",\"y\" | true | false",
        "If-Match: \"A\"~If-Match: \"V\" | true | false",
        "If-Match: * | true | false",
        "If-Match: \"A\" | false | false",
        "If-Match: \"x\" | false | false",
        "If-Match: W/\"V\" | false | false",
        "If-Match: \"A\", \"9223372036854775807\" | false | false",
        "If-None-Match: * | false | true",
        "If-None-Match: \"V\" | false | true",
        "If-None-Match: W/\"V\" | false | true",
        "If-None-Match: \"A\", \"V-gzip\" | false | true",
        "If-None-Match: \"A\" | true | true",
        "If-None-Match: \"x\" | true | true",
        "If-Match: \"V\"~If-None-Match: \"A\" | true | false",
        "If-Match: *~If-None-Match: \"V\" | false | false",
        "If-Match: *~If-None-Match: * | false | false",
        "If-Modified-Since: Sat, 01 Jan 2050 00:00:00 GMT | true | true",
        "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT | true | true",
      })
  void writeIsDoneIfItsConditionsHold(String fields, boolean there, boolean absent)
      throws Exception {
    try (TestServer server = TestServer.start();
        RawClient client = server.connect()) {
      for (String method : METHODS) {
        client.send(with("old", "PUT /k") + with("old", "PUT /k"));
        String before = client.answer().field("ETag");
        String now = client.answer().field("ETag");
        String meant =
            fields
                .replace("\"V\"", now)
                .replace("\"A\"", before)
                .replace("\"V-gzip\"", now.replaceAll("\"$", "-gzip\""));

        assertOutcome(client, new Write(method, "/k", meant), there, "old");
        assertOutcome(client, new Write(method, "/none" + method, meant), absent, null);
      }
    }
  }

  private record Write(String method, String path, String fields) {
    String request() {
      String body = isMethod("POST") ? JSON : isMethod("PUT") ? "new" : "";
      return with(body, method + ' ' + path, fields.split("~", -1));
    }

    boolean isMethod(String name) {
      return method.equals(name);
    }

    boolean isConditional() {
      return !fields.contains("odified-Since");
    }
  }

  private static void assertOutcome(RawClient client, Write write, boolean done, String old)
      throws Exception {
    client.send(write.request() + bare("GET " + write.path()));

    Answer answer = client.answer();
    Answer read = client.answer();
    if (!done) {
      assertThat(answer.status()).isEqualTo(412);
      assertThat(answer.text()).contains("Match").endsWith(".\n");
      assertThat(answer.field("ETag")).isNull();
      assertThat(read.status()).isEqualTo(old == null ? 404 : 200);
      assertThat(read.text()).contains(old == null ? "no value" : old);
      return;
    }
    int put = old == null ? 201 : 204;
    assertThat(answer.status()).isEqualTo(write.isMethod("PUT") ? put : 200);
    assertThat(answer.body()).isEmpty();
    assertThat(read.status()).isEqualTo(write.isMethod("DELETE") ? 404 : 200);
    if (!write.isMethod("DELETE")) {
      assertThat(read.text()).isEqualTo("new");
      boolean hasTag = write.isMethod("PUT") || write.isConditional();
      assertThat(answer.field("ETag")).isEqualTo(hasTag ? read.field("ETag") : null);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"If-Match: V", "If-Match: \"V", "If-None-Match: 1", "If-None-Match: *, *"})
  void otherTagsAreRejectedBeforeTheBody(String field) throws Exception {
    try (TestServer server = TestServer.start();
        RawClient client = server.connect()) {
      client.send(
          "PUT /k HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n"
              + field
              + "\r\n\r\n");

      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.closed()).isTrue();
    }
  }

  /** Puts something else before each of the first few batches that ask for a version. */
  static final class BusyStore extends DelegatingStore {
    private final AtomicInteger times;
    private final AtomicInteger batches = new AtomicInteger();

    BusyStore(int times) {
      this.times = new AtomicInteger(times);
    }

    @Instead
    public CompletableFuture<BatchResult> writeAsync(Batch<byte[], byte[]> batch) {
      batches.incrementAndGet();
      if (!batch.preconditions().isEmpty() && times.getAndDecrement() > 0) {
        behind().put("k".getBytes(StandardCharsets.UTF_8), new byte[0]);
      }
      return behind().writeAsync(batch);
    }
  }

  @Test
  void whatTheStoreCannotBeAskedIsTriedAgain() throws Exception {
    BusyStore store = new BusyStore(5);
    try (TestServer server = TestServer.start(store);
        RawClient client = server.connect()) {
      client.send(with("v", "PUT /k", "If-None-Match: \"x\"") + bare("GET /k"));

      assertThat(client.answer().status()).isEqualTo(204);
      assertThat(client.answer().text()).isEqualTo("v");
      assertThat(store.batches).hasValue(6);
    }
  }

  @Test
  void triesAreLimited() throws Exception {
    BusyStore store = new BusyStore(Integer.MAX_VALUE);
    try (TestServer server = TestServer.start(store);
        RawClient client = server.connect()) {
      client.send(with("v", "PUT /k", "If-None-Match: \"x\"") + bare("GET /k"));

      Answer rejected = client.answer();
      assertThat(rejected.status()).isEqualTo(503);
      assertThat(rejected.field("Retry-After")).isEqualTo("1");
      assertThat(rejected.text()).contains("100 attempts");
      assertThat(client.answer().body()).isEmpty();
      assertThat(store.batches).hasValue(100);
    }
  }
}
