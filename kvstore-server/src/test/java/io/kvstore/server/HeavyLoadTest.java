package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.LongForm;
import io.kvstore.server.testing.RawClient;
import io.kvstore.server.testing.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What others ask of the server takes neither its answers nor its memory away. The figures are
 * printed; with {@code -Dload.connections=10000}, which takes as many open files of this process,
 * how long answers take is asserted as well.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "it reads /proc: run it on Linux")
class HeavyLoadTest {
  private static final String CONNECTIONS = "load.connections";
  private static final int HALF_SENT = 200;
  private static final int REQUESTS = LongForm.of(5_000, 20_000);
  private static final double MAX_MORE_MILLIS = 20;
  private static final long BODY_BYTES = 1L << 30;
  private static final long MAX_GROWTH_KIBIBYTES = 32 << 10;
  private static final String GET = "GET /k HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir private Path data;

  @Test
  void clientIsAnsweredBesideManyThatAreIdleAndManyThatAreHalfDone() throws Exception {
    int connections = LongForm.of(CONNECTIONS, 500, 10_000);
    Deque<RawClient> others = new ArrayDeque<>();
    Map<String, String> environment =
        Map.of("KVSTORE_MAX_CONNECTIONS", String.valueOf(connections + HALF_SENT + 10));
    try (ServerProcess server =
        ServerProcess.run(environment, "--port", "0", "--data-dir", data.toString())) {
      InetSocketAddress address = server.address();
      try (RawClient client = RawClient.connect(address)) {
        client.send("PUT /k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nv");
        assertThat(client.answer().status()).isEqualTo(201);
        double[] warmUp = millisOfAnswers(client);
        double[] alone = millisOfAnswers(client);
        for (int i = 0; i < connections + HALF_SENT; i++) {
          others.add(RawClient.connect(address));
        }
        for (int i = 0; i < HALF_SENT; i++) {
          others.peekLast().send("GET /k HTTP/1.1\r\nHost: localhost\r\nX-" + i + ": ");
          others.addFirst(others.removeLast());
        }

        double[] beside = millisOfAnswers(client);

        System.out.printf(
            "HeavyLoadTest: p99 of %d answers: %.3f ms alone (at first %.3f), %.3f ms beside %d"
                + " idle connections and %d half-sent heads; VmRSS %d KiB%n",
            REQUESTS,
            p99(alone),
            p99(warmUp),
            p99(beside),
            connections,
            HALF_SENT,
            kibibytes(server, "VmRSS"));
        if (System.getProperty(CONNECTIONS) != null) {
          assertThat(p99(beside)).isLessThan(p99(alone) + MAX_MORE_MILLIS);
        }
        try (RawClient last = RawClient.connect(address)) {
          assertThat(millisOfAnswers(last)).hasSize(REQUESTS);
        }
      } finally {
        for (RawClient other : others) {
          other.close();
        }
      }
    }
  }

  private static double[] millisOfAnswers(RawClient client) throws IOException {
    double[] millis = new double[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      long start = System.nanoTime();
      client.send(GET);
      Answer answer = client.answer();
      millis[i] = (System.nanoTime() - start) / 1e6;
      assertThat(answer.text()).isEqualTo("v");
    }
    return millis;
  }

  /** Sorts, too. */
  private static double p99(double[] millis) {
    Arrays.sort(millis);
    return millis[millis.length * 99 / 100];
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /big HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n",
        "POST /big HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n",
        "GET /big HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n",
      })
  void bodyOfAGibibyteIsRejectedAndTakesNoMemory(String head) throws Exception {
    try (ServerProcess server = ServerProcess.serve(data, "process")) {
      InetSocketAddress address = server.address();
      reject(address, head, 1 << 20); // so that all is loaded that this takes
      reject(address, head, BODY_BYTES);
      long before = kibibytes(server, "VmRSS");
      resetPeak(server);

      long sent = reject(address, head, BODY_BYTES);

      long growth = kibibytes(server, "VmHWM") - before;
      System.out.printf(
          "HeavyLoadTest: %s of 1 GiB rejected, %d MiB of it sent: VmHWM %d KiB over VmRSS%n",
          head.substring(0, head.indexOf(' ')), sent >> 20, growth);
      assertThat(growth).isLessThan(MAX_GROWTH_KIBIBYTES);
      try (RawClient client = RawClient.connect(address)) {
        client.send("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(404);
      }
    }
  }

  /** Sends until all is sent or the server has hung up, and returns how much that was. */
  private static long reject(InetSocketAddress address, String head, long bytes)
      throws IOException {
    byte[] piece = new byte[1 << 20];
    long sent = 0;
    try (RawClient client = RawClient.connect(address)) {
      client.send(head);
      assertThat(client.answer().status()).isEqualTo(413);
      for (; sent < bytes; sent += piece.length) {
        client.send(piece);
      }
    } catch (SocketException e) {
      return sent; // it lingers for a while only
    }
    return sent;
  }

  private static void resetPeak(ServerProcess server) throws IOException {
    Files.writeString(Path.of("/proc/" + server.pid() + "/clear_refs"), "5");
  }

  private static long kibibytes(ServerProcess server, String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
