package io.kvstore.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * The receive buffer that all connections of an event loop share. It is so large that one read
 * usually empties the socket, and no second read is needed to find that out. While a part of it is
 * kept, such as an incomplete request, the other connections get buffers of an adaptive size, as
 * Netty's own connections do.
 */
@SuppressWarnings("deprecation") // the interface requires a deprecated handle
public final class LoopReceiveBuffer implements RecvByteBufAllocator {
  /** The limit of one read. */
  private static final int READ_BYTES = 64 << 10;

  private static final LoopBuffer BUFFER = new LoopBuffer(READ_BYTES);

  private final AdaptiveRecvByteBufAllocator otherwise = new AdaptiveRecvByteBufAllocator();

  @Override
  public Handle newHandle() {
    return new SharingHandle(otherwise.newHandle());
  }

  private static final class SharingHandle extends DelegatingHandle {
    SharingHandle(Handle otherwise) {
      super(otherwise);
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return BUFFER.isFree() ? BUFFER.take() : super.allocate(allocator);
    }
  }
}
