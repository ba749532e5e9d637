package io.kvstore.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.server.net.Budgets;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.session.Authentication;
import io.kvstore.server.testing.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Fuzz target: whatever a client sends, each command is answered by what it has asked for or by a
 * sentence of ours, and not by an exception that nobody has thought of.
 */
public final class RespFuzz {
  private static final int MAX_VALUE_BYTES = 1 << 12;

  /** What replies to failures have in them, and no reply that was thought of. */
  private static final List<String> FAILURES =
      List.of("ERR the server failed", "MISCONF", "For input string", "out of bounds", "Exception");

  private RespFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    try (KvStore<byte[], byte[]> store =
        KvStore.builder(Codecs.bytes(), Codecs.bytes())
            .stripes(1)
            .ordered()
            .maxValueBytes(MAX_VALUE_BYTES)
            .clock(() -> Instant.EPOCH)
            .open()) {
      RespLimits limits = RespLimits.of(MAX_VALUE_BYTES, RespLimits.MAX_CONNECTIONS, Duration.ZERO);
      Budgets memory = RespServer.memory();
      RespChannel resp = new RespChannel(store, limits, Authentication.OPEN, channel -> {}, memory);
      String replies = send(new EmbeddedChannel(resp), input);
      for (String failure : FAILURES) {
        if (replies.contains(failure) && !new String(input, ISO_8859_1).contains(failure)) {
          throw new AssertionError("the reply is " + replies);
        }
      }
      long held = memory.receiving().taken() + memory.sending().taken();
      if (held != 0) {
        throw new AssertionError(held + " bytes are held for a client that is gone");
      }
    }
  }

  private static String send(EmbeddedChannel channel, byte[] input) {
    channel.writeInbound(Unpooled.copiedBuffer(input));
    Settled.await(channel);
    channel.close();
    channel.runPendingTasks();
    StringBuilder replies = new StringBuilder();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      replies.append(next.toString(ISO_8859_1));
      next.release();
    }
    channel.checkException();
    return replies.toString();
  }
}
