package io.kvstore.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * A direct buffer for each event loop, for data that is consumed before the next use. It must be
 * released like any other buffer, and is not reused before that.
 */
final class LoopBuffer extends FastThreadLocal<ByteBuf> {
  /** Without leak detection: these buffers are only freed when their thread ends. */
  private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true, true);

  private final int size;

  LoopBuffer(int size) {
    this.size = size;
  }

  @Override
  protected ByteBuf initialValue() {
    return ALLOCATOR.directBuffer(size, size);
  }

  @Override
  protected void onRemoval(ByteBuf buffer) {
    buffer.release();
  }

  /** Whether the buffer of this thread is not in use. */
  boolean isFree() {
    return get().refCnt() == 1;
  }

  /** Returns the buffer of this thread, empty. Must only be called if it is free. */
  ByteBuf take() {
    return get().clear().retain();
  }
}
