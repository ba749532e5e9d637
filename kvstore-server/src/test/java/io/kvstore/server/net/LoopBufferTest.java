package io.kvstore.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.junit.jupiter.api.Test;

class LoopBufferTest {
  private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;

  @Test
  @SuppressWarnings("deprecation") // the interface has no other handle
  void connectionsReadIntoOneBufferWhileNobodyKeepsIt() {
    LoopReceiveBuffer receiving = new LoopReceiveBuffer();
    RecvByteBufAllocator.Handle one = receiving.newHandle();
    RecvByteBufAllocator.Handle other = receiving.newHandle();

    ByteBuf first = one.allocate(allocator);
    first.writeByte(7);
    first.release();
    ByteBuf second = other.allocate(allocator);

    assertThat(second).isSameAs(first);
    assertThat(second.readableBytes()).isZero();
    second.release();
  }

  @Test
  @SuppressWarnings("deprecation") // as above
  void nobodyReadsOverWhatIsKept() {
    LoopReceiveBuffer receiving = new LoopReceiveBuffer();
    RecvByteBufAllocator.Handle one = receiving.newHandle();
    RecvByteBufAllocator.Handle other = receiving.newHandle();

    ByteBuf read = one.allocate(allocator);
    ByteBuf kept = read.writeByte(7).readRetainedSlice(1);
    read.release();
    ByteBuf meanwhile = other.allocate(allocator);
    meanwhile.writeByte(8);

    assertThat(meanwhile).isNotSameAs(read);
    assertThat(kept.getByte(0)).isEqualTo((byte) 7);
    meanwhile.release();
    kept.release();
    ByteBuf afterwards = other.allocate(allocator);
    assertThat(afterwards).isSameAs(read);
    afterwards.release();
  }

  @Test
  void anAnswerThatIsNotSentYetIsNotWrittenOver() {
    ByteBuf first = LoopSendBuffer.buffer(allocator, 10).writeByte(7);
    ByteBuf second = LoopSendBuffer.buffer(allocator, 10).writeByte(8);

    assertThat(second).isNotSameAs(first);
    assertThat(first.getByte(0)).isEqualTo((byte) 7);
    second.release();
    first.release();
    ByteBuf third = LoopSendBuffer.buffer(allocator, 10);
    assertThat(third).isSameAs(first);
    third.release();
  }

  @Test
  void aLongAnswerHasABufferOfItsOwn() {
    ByteBuf shared = LoopSendBuffer.buffer(allocator, 10);
    shared.release();

    ByteBuf own = LoopSendBuffer.buffer(allocator, 1 << 20);

    assertThat(own).isNotSameAs(shared);
    assertThat(own.writableBytes()).isGreaterThanOrEqualTo(1 << 20);
    own.release();
  }
}
