package io.kvstore.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.http.message.CrossOriginPolicy;
import io.kvstore.server.http.message.Hosts;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.net.Traffic;
import io.kvstore.server.testing.HeldStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The draining of a connection, step by step. */
class DrainTest {
  private static final String HEAD = "PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";

  private static final CrossOriginPolicy POLICY =
      CrossOriginPolicy.of(Hosts.of(List.of("a")), List.of());

  private final HeldStore store = new HeldStore();
  private final HttpLimits limits = HttpLimits.of(100);
  private final HttpConnection connection =
      new HttpConnection(
          new Routes(store.changed(), limits, POLICY, null),
          limits,
          HttpServices.none(POLICY),
          new LoopState(POLICY),
          new Traffic(Operation.names(), 600).meter());
  private final EmbeddedChannel channel = new EmbeddedChannel(connection.decoder(), connection);

  @Test
  void idleConnectionIsClosedAtOnce() {
    connection.drain();

    assertThat(sent()).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 47, 49})
  void requestThatIsArrivingIsAnsweredAsTheLast(int before) throws Exception {
    String request = HEAD + "body";
    receive(request.substring(0, before));
    connection.drain();
    assertThat(channel.isOpen()).isTrue();

    receive(request.substring(before) + request);
    store.letGo();
    channel.runPendingTasks();

    assertThat(sent()).startsWith("HTTP/1.1 201 ").containsOnlyOnce("HTTP/1.1").contains("close");
    assertThat(store.waiting()).isZero();
  }

  @Test
  void writeUnderWayIsAnsweredAsTheLast() throws Exception {
    receive(HEAD + "body");
    store.awaitPut();
    connection.drain();
    assertThat(channel.isOpen()).isTrue();

    store.letGo();
    channel.runPendingTasks();

    assertThat(sent()).startsWith("HTTP/1.1 201 ").contains("close");
  }

  private void receive(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
  }

  private String sent() {
    StringBuilder sent = new StringBuilder();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      sent.append(next.toString(ISO_8859_1));
      next.release();
    }
    return sent.toString();
  }
}
