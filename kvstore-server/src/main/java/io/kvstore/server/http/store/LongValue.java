package io.kvstore.server.http.store;

import io.kvstore.server.http.response.ResponseStream;
import io.kvstore.server.json.LongJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The rest of an entry in a stream, from its long value on: encoded on the event loop a piece at a
 * time, as the client reads, so that it takes no memory of its own.
 */
final class LongValue {

  /** What has come of sending. */
  enum Progress {
    DONE,
    /** The client has to read first. */
    WAITING,
    /** Other connections have to get their turns first. */
    YIELDING
  }

  private static final int PIECES_PER_TURN = 24;

  private final LongJson value;
  private final byte[] tail;

  /**
   * @param tail what follows the value
   */
  LongValue(LongJson value, String tail) {
    this.value = value;
    this.tail = tail.getBytes(StandardCharsets.US_ASCII);
  }

  /** Sends as much as the client reads, and a turn allows. */
  Progress send(ResponseStream to) {
    for (int i = 0; i < PIECES_PER_TURN; i++) {
      if (!to.isWritable()) {
        return Progress.WAITING;
      }
      to.send(next(to));
      if (value.isDone()) {
        return Progress.DONE;
      }
    }
    return Progress.YIELDING;
  }

  private ByteBuf next(ResponseStream to) {
    ByteBuf piece = to.piece();
    try {
      value.writeNext(new ByteBufOutputStream(piece));
    } catch (IOException e) {
      piece.release();
      throw new UncheckedIOException(e); // a buffer does not fail
    }
    return value.isDone() ? piece.writeBytes(tail) : piece;
  }
}
