package io.kvstore.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * Has all connections of an event loop read into one buffer, large enough that one read mostly
 * takes all there is: no second one has to find out that there is no more. While something of it is
 * kept, such as a request that is not whole, the others get buffers of the size that they seem to
 * need, as Netty's own connections do.
 */
@SuppressWarnings("deprecation") // the interface has no other handle
public final class SharedReceiving implements RecvByteBufAllocator {
  /** The most that one read takes. */
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
