package io.kvstore.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * A direct buffer for each event loop, for data that is consumed before the next use. Whoever takes
 * it releases it, like any other; while anybody still holds it, nobody else gets it.
 */
final class LoopBuffer extends FastThreadLocal<ByteBuf> {
  /** Without leak detection: these are never given back before their thread ends. */
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

  /** Tells whether nobody holds the buffer of this thread. */
  boolean isFree() {
    return get().refCnt() == 1;
  }

  /** Returns the buffer of this thread, empty; to be called only if it is free. */
  ByteBuf take() {
    return get().clear().retain();
  }
}
