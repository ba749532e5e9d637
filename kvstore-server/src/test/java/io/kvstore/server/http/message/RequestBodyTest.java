package io.kvstore.server.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {
  private static final int LIMIT = 5 << 20;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 65_536, 65_537, 1 << 20, (1 << 20) + 1, 3 << 20, LIMIT})
  void bodyIsWhatWasReceived(int length) {
    byte[] sent = new byte[length];
    new Random(15).nextBytes(sent);

    assertThat(received(sent, RequestBody.kept(LIMIT, length), 8192)).isEqualTo(sent);
    assertThat(received(sent, RequestBody.kept(LIMIT, RequestHead.CHUNKED), 8192)).isEqualTo(sent);
    assertThat(received(sent, RequestBody.kept(LIMIT, length), 3_000_000)).isEqualTo(sent);
    assertThat(received(sent, RequestBody.kept(LIMIT, RequestHead.CHUNKED), 777)).isEqualTo(sent);
  }

  private static byte[] received(byte[] sent, RequestBody body, int pieceBytes) {
    int size = 0;
    for (int at = 0; at < sent.length; at += pieceBytes) {
      int end = Math.min(sent.length, at + pieceBytes);
      int needed = body.sizeWith(end - at);
      assertThat(needed).isGreaterThanOrEqualTo(Math.max(end, size)).isLessThanOrEqualTo(LIMIT);
      assertThat(needed)
          .as("grows with what is received")
          .isLessThanOrEqualTo(Math.max(64 << 10, end + Math.max(end, 1 << 20)));
      body.append(Unpooled.wrappedBuffer(Arrays.copyOfRange(sent, at, end)));
      size = needed;
      assertThat(body.length()).isEqualTo(end);
    }
    return body.bytes();
  }

  @Test
  void longerBodiesAreRejected() {
    RequestBody body = RequestBody.kept(10, RequestHead.CHUNKED);
    body.append(Unpooled.wrappedBuffer(new byte[10]));

    assertThatThrownBy(() -> body.sizeWith(1)).isInstanceOf(HttpException.class);
    assertThatThrownBy(() -> RequestBody.kept(10, 11)).isInstanceOf(HttpException.class);
  }
}
