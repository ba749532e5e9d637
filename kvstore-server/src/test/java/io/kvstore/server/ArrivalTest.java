package io.kvstore.server;

import static io.kvstore.server.RequestSample.SMUGGLED;
import static io.kvstore.server.RequestSample.get;
import static io.kvstore.server.RequestSample.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.WireChannel.Outcome;
import io.kvstore.server.testing.LongForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The response to a request, and the state of its connection, are the same however its bytes are
 * split.
 *
 * <p>{@code -Darrival.mutations=1000000} for a longer run, {@code -Darrival.seed=...} for the
 * mutations of another one.
 */
class ArrivalTest {
  /** Longer requests are not cut at every byte, but in so many places. */
  private static final int EVERY_BYTE = 1_000;

  private static final int CUTS = 50;

  private static final List<String> PARTS =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\0",
          " ",
          "\t",
          ":",
          ",",
          ";",
          "%",
          "/",
          "?",
          "..",
          "\r\n ",
          "0",
          "1",
          "-1",
          "ffffffff",
          "HTTP/1.0",
          "HTTP/1.1",
          "GET ",
          "PUT ",
          "HEAD ",
          "DELETE ",
          "POST ",
          "Host: b\r\n",
          "Content-Length: 1\r\n",
          "Content-Length: 0\r\n",
          "Connection: close\r\n",
          "Connection: keep-alive\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Expect: 100-continue\r\n",
          "Upgrade: h2c\r\n",
          "0\r\n\r\n",
          "1\r\nx\r\n",
          "%00",
          "%ff",
          "\u00ff",
          "\r\n\r\n",
          "http://a");

  private final WireChannel wire = new WireChannel();

  static Stream<RequestSample> samples() {
    return Stream.concat(RejectedRequests.all(), UnusualRequests.all());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void requestMayBeCutAnywhere(RequestSample sample) {
    String text = sample.bytes() + (sample.stays() ? get("/probe", "") : SMUGGLED);
    Outcome whole = wire.send(text, List.of());
    assertThat(whole.isOpen()).isEqualTo(sample.stays());
    int length = sample.bytes().length() + 1;
    int step = length <= EVERY_BYTE ? 1 : length / CUTS;

    for (int cut = 1; cut < length; cut += step) {
      assertThat(wire.send(text, List.of(cut))).as("cut at %s", cut).isEqualTo(whole);
    }
    if (step == 1) {
      assertThat(wire.send(text, everyByte(text))).as("byte by byte").isEqualTo(whole);
    }
  }

  /** A fast way for plain requests must not be open to what only looks like one. */
  @Test
  void mutatedRequestsAreTakenAlikeHoweverTheyArrive() {
    long seed = LongForm.seed("arrival.seed");
    int mutations = LongForm.of("arrival.mutations", 2_000, 500_000);
    Random random = new Random(seed);
    for (int i = 0; i < mutations; i++) {
      String text = mutated(requests(random), random);
      Outcome whole = wire.send(text, List.of());

      assertThat(wire.send(text, everyByte(text)))
          .as("byte by byte, seed %s, mutation %s: %s", seed, i, text)
          .isEqualTo(whole);
      assertThat(wire.send(text, somewhere(text, random)))
          .as("in some parts, seed %s, mutation %s: %s", seed, i, text)
          .isEqualTo(whole);
      assertThat(whole.isClosedAsAnnounced())
          .as("seed %s, mutation %s: %s, %s", seed, i, text, whole)
          .isTrue();
    }
  }

  private static String requests(Random random) {
    StringBuilder all = new StringBuilder();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      all.append(
          switch (random.nextInt(9)) {
            case 0 -> put("/a", "Content-Length: 1\r\n", "v");
            case 1 -> put("/a", "Transfer-Encoding: chunked\r\n", "1\r\nv\r\n0\r\n\r\n");
            case 2 -> get("/a", "Content-Length: 2\r\n") + "GE";
            case 3 -> get("/a", "User-Agent: b\r\nAccept: */*\r\n");
            case 4 -> "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
            case 5 -> put("/a%20b", "Expect: 100-continue\r\nContent-Length: 1\r\n", "v");
            case 6 -> "DELETE /a HTTP/1.1\r\nHost: a\r\n\r\n";
            default -> get("/a", "");
          });
    }
    return all.toString();
  }

  private static String mutated(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(changed.length());
      int end = Math.min(changed.length(), at + 1 + random.nextInt(8));
      switch (random.nextInt(6)) {
        case 0 -> changed.setCharAt(at, (char) random.nextInt(256));
        case 1 -> changed.delete(at, Math.min(end, at + changed.length() - 1));
        case 2 -> changed.insert(at, changed.substring(at, end));
        case 3 -> changed.setCharAt(at, (char) (changed.charAt(at) ^ 0x20));
        default -> changed.insert(at, PARTS.get(random.nextInt(PARTS.size())));
      }
    }
    return changed.toString();
  }

  private static List<Integer> everyByte(String text) {
    return IntStream.range(1, text.length()).boxed().toList();
  }

  private static List<Integer> somewhere(String text, Random random) {
    List<Integer> ends = new ArrayList<>();
    for (int at = 1 + random.nextInt(40); at < text.length(); at += 1 + random.nextInt(40)) {
      ends.add(at);
    }
    return ends;
  }
}
