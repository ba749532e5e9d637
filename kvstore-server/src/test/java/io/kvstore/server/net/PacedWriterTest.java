package io.kvstore.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The send queue of a connection, before a socket whose client reads only when it is told to. */
class PacedWriterTest {
  private static final int LIMIT = 4 << 20;
  private static final int LARGE = 1 << 20;
  private static final int MAX_PENDING = 4 * PacedWriter.PIECE_BYTES;

  /** What Netty counts for the buffers that are pending, in addition to their bytes. */
  private static final int PENDING_COST = 1 << 10;

  private final SendBudget budget = new SendBudget(LIMIT);
  private final Reader reader = new Reader();
  private final PacedWriter writer = new PacedWriter(budget.share());
  private final EmbeddedChannel channel = new EmbeddedChannel(reader, writer, new Failures());

  /** The client: as long as it does not read, nothing that is flushed leaves the channel. */
  private static final class Reader extends ChannelOutboundHandlerAdapter {
    boolean reads;

    @Override
    public void flush(ChannelHandlerContext ctx) {
      if (reads) {
        ctx.flush();
      }
    }
  }

  /** A write that fails, because the channel is closed, is no failure of the test. */
  private static final class Failures extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      assertThat(cause).isInstanceOf(ClosedChannelException.class);
    }
  }

  @AfterEach
  void release() {
    channel.finishAndReleaseAll();
    assertThat(budget.taken()).isZero();
    assertThat(budget.pinned()).isZero();
  }

  @Test
  void smallBuffersAreNotCounted() {
    reader.reads = true;

    channel.writeOutbound(bytes(100), bytes(200));

    assertThat(received()).isEqualTo(300);
    assertThat(channel.isWritable()).isTrue();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void largeBufferIsPassedOnInPiecesAsTheClientReads() {
    byte[] value = new byte[LARGE];
    new Random(1).nextBytes(value);
    ByteBuf large = Unpooled.wrappedBuffer(ByteBuffer.wrap(value).asReadOnlyBuffer());
    ChannelFuture written = channel.write(large);
    channel.write(bytes(10));
    channel.flush();

    assertThat(pending()).isLessThanOrEqualTo(MAX_PENDING + PENDING_COST);
    assertThat(channel.isWritable()).isFalse();
    assertThat(written.isDone()).isFalse();
    assertThat(budget.pinned()).isEqualTo(LARGE);
    assertThat(budget.taken()).as("a value of the store takes no memory").isZero();

    read();

    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      assertThat(part.readableBytes()).isLessThanOrEqualTo(PacedWriter.PIECE_BYTES);
      all.writeBytes(part);
      part.release();
    }
    assertThat(all).isEqualTo(Unpooled.wrappedBuffer(value, new byte[10]));
    assertThat(written.isSuccess()).isTrue();
    assertThat(channel.isWritable()).isTrue();
    assertThat(writer.queuedBytes()).isZero();
  }

  @Test
  void memoryOfALargeBufferCountsUntilItIsSent() {
    channel.write(bytes(LARGE));
    channel.flush();

    assertThat(budget.taken()).isGreaterThanOrEqualTo(LARGE - SendBudget.FREE_BYTES);
    assertThat(budget.pinned()).isZero();

    read();

    assertThat(received()).isEqualTo(LARGE);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void closedConnectionReturnsEverything() {
    ByteBuf large = bytes(LARGE);
    ChannelFuture first = channel.write(large);
    ChannelFuture behind = channel.write(bytes(10));
    channel.flush();

    channel.close();

    assertThat(budget.taken()).isZero();
    assertThat(large.refCnt()).isZero();
    assertThat(first.cause()).isInstanceOf(ClosedChannelException.class);
    assertThat(behind.cause()).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void slowClientIsStoppedEarlyWhileMemoryIsScarce() {
    SendBudget.Share others = budget.share();
    others.add(LIMIT);

    channel.write(bytes(SendBudget.FREE_BYTES));
    channel.flush();
    assertThat(channel.isWritable()).as("uses only what is free").isTrue();
    channel.write(bytes(100));
    assertThat(channel.isWritable()).isFalse();

    read();

    assertThat(channel.isWritable()).isTrue();
    others.close();
  }

  @Test
  void largeBufferIsSentWhileMemoryIsScarce() {
    SendBudget.Share others = budget.share();
    others.add(LIMIT);
    channel.write(bytes(LARGE));
    channel.flush();

    assertThat(pending()).isLessThanOrEqualTo(SendBudget.FREE_BYTES + PENDING_COST);

    read();

    assertThat(received()).isEqualTo(LARGE);
    assertThat(channel.isWritable()).isTrue();
    others.close();
  }

  private void read() {
    reader.reads = true;
    channel.flush();
    channel.runPendingTasks();
  }

  private long pending() {
    return channel.unsafe().outboundBuffer().totalPendingWriteBytes();
  }

  private int received() {
    int count = 0;
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      count += part.readableBytes();
      part.release();
    }
    return count;
  }

  private static ByteBuf bytes(int length) {
    return Unpooled.buffer(length).writeZero(length);
  }
}
