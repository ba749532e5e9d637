package io.kvstore.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.server.WireChannel.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Fuzz target: any bytes are answered alike in whatever pieces they arrive, whole ones by the way
 * for plain requests, if they are some, and single ones by the decoder; and no failure of ours is
 * among the answers.
 */
public final class HttpFuzz {
  private static final String FAILURE = "HTTP/1.1 500 Internal Server Error\r\n";

  /** What a watch is answered with, which an HTTP/1.0 client ends by closing the connection. */
  private static final String EVENTS = "Content-Type: text/event-stream";

  private HttpFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, ISO_8859_1);
    Outcome whole = send(text, List.of());
    requireSame(whole, send(text, IntStream.range(1, text.length()).boxed().toList()), text);
    requireSame(whole, send(text, List.of(text.length() / 2)), text);
    boolean isClosed = whole.isClosedAsAnnounced() || whole.answers().contains(EVENTS);
    if (whole.answers().contains(FAILURE) || !isClosed) {
      throw new AssertionError(text + " is answered with " + whole);
    }
  }

  /** Sends it to a store of its own, in which the order of entries, time and versions are alike. */
  private static Outcome send(String text, List<Integer> ends) {
    try (KvStore<byte[], byte[]> store =
        KvStore.builder(Codecs.bytes(), Codecs.bytes())
            .stripes(1)
            .ordered()
            .clock(() -> Instant.EPOCH)
            .open()) {
      return new WireChannel(store).send(text, ends);
    }
  }

  private static void requireSame(Outcome whole, Outcome parts, String text) {
    if (!whole.equals(parts)) {
      throw new AssertionError(text + " is answered with " + whole + ", in parts with " + parts);
    }
  }
}
