package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Races of conditional writes: of many clients with the same precondition, one wins. */
class WriteRaceTest {
  private static final int CLIENTS = 16;
  private static final int ROUNDS = 10;

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
  private TestServer server;

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void exactlyOneOfManyWritersWins(Durability durability) throws Exception {
    try (KvStore<byte[], byte[]> store =
            KvStore.builder(Codecs.bytes(), Codecs.bytes())
                .directory(directory)
                .durability(durability)
                .open();
        TestServer started = TestServer.start(store);
        RawClient client = started.connect()) {
      server = started;
      for (int round = 0; round < ROUNDS; round++) {
        assertOneWins(201, "PUT", "If-None-Match: *");
        String tag = tag(client);
        assertOneWins(204, "PUT", "If-Match: " + tag);
        String lists = "If-Match: \"0\", " + tag(client) + ", " + tag;
        assertOneWins(204, "PUT", lists);
        assertOneWins(200, "POST", "If-Match: " + tag(client));
        assertOneWins(200, "DELETE", "If-Match: " + tag(client));
      }
    }
  }

  private static String tag(RawClient client) throws Exception {
    client.send(bare("HEAD /k"));
    return client.headAnswer().field("ETag");
  }

  private void assertOneWins(int status, String method, String field) throws Exception {
    CyclicBarrier start = new CyclicBarrier(CLIENTS);
    List<Callable<Answer>> writers = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      String value = "writer " + i;
      String body = method.equals("POST") ? "{\"value\":\"" + value + "\"}" : value;
      writers.add(
          () -> {
            try (RawClient writer = server.connect()) {
              start.await();
              writer.send(with(body, method + " /k", field));
              return writer.answer();
            }
          });
    }
    List<Answer> answers = new ArrayList<>();
    for (Future<Answer> answer : threads.invokeAll(writers)) {
      answers.add(answer.get());
    }
    assertThat(answers.stream().map(Answer::status).sorted())
        .isEqualTo(Stream.concat(Stream.of(status), Stream.generate(() -> 412).limit(15)).toList());
    Answer winner = answers.stream().filter(a -> a.status() == status).findFirst().orElseThrow();
    try (RawClient reader = server.connect()) {
      reader.send(bare("GET /k"));
      Answer read = reader.answer();
      assertThat(read.text())
          .isEqualTo(
              method.equals("DELETE")
                  ? "There is no value under this key.\n"
                  : "writer " + answers.indexOf(winner));
      assertThat(read.field("ETag")).isEqualTo(winner.field("ETag"));
    }
  }
}
