package io.kvstore.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The send buffer that all connections of an event loop share. The socket usually takes flushed
 * bytes at once, so that the buffer is free again.
 */
public final class LoopSendBuffer {
  private static final int ANSWER_BYTES = 16 << 10;

  private static final LoopBuffer BUFFER = new LoopBuffer(ANSWER_BYTES);

  private LoopSendBuffer() {}

  /**
   * Returns an empty buffer with room for some bytes, which must be flushed soon. Called on an
   * event loop.
   */
  public static ByteBuf buffer(ByteBufAllocator allocator, int bytes) {
    return bytes <= ANSWER_BYTES && BUFFER.isFree() ? BUFFER.take() : allocator.ioBuffer(bytes);
  }
}
