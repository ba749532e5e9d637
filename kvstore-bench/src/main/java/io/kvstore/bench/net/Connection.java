package io.kvstore.bench.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client connection: takes operations while there is room in its pipeline, and again after every
 * response. Requests are flushed together once all responses received are handled. Used on its
 * event loop only.
 */
final class Connection implements ResponseHandler {
  private static final int FIRST_BATCH_BYTES = 512;
  private static final String CLOSED = "connection closed before the answer";

  private final LoadLoop loop;
  private final int number;
  private final Operations underWay;
  private final Task task = new Task();
  private @Nullable Channel channel;
  private @Nullable ByteBuf batch;
  private int expectedBytes = FIRST_BATCH_BYTES;
  private boolean closing;
  private String ending = CLOSED;

  Connection(LoadLoop loop, int number, int pipeline) {
    this.loop = loop;
    this.number = number;
    underWay = new Operations(pipeline);
  }

  /** Starts to connect; only one that is not connected may do so. */
  ChannelFuture connect(Bootstrap bootstrap, Protocol protocol) {
    closing = false;
    ending = CLOSED;
    ChannelInitializer<SocketChannel> initializer =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(SocketChannel made) {
            protocol.install(made.pipeline(), Connection.this);
            made.pipeline().addLast(new Ends());
          }
        };
    return bootstrap.clone().handler(initializer).connect();
  }

  /** The last handler: notices the end of a batch of answers, and of the connection. */
  private final class Ends extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      channel = ctx.channel();
      loop.connected();
      pump(System.nanoTime());
      flush();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      flush();
      loop.wake(System.nanoTime());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      disconnected();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      hangUp("connection failed: " + cause.getMessage());
    }
  }

  private void disconnected() {
    channel = null;
    if (batch != null) {
      batch.release();
      batch = null;
    }
    for (; !underWay.isEmpty(); underWay.remove()) {
      loop.ledger().lost(underWay, ending);
      loop.countDone();
    }
    loop.disconnected(this);
  }

  /** Takes as much work as there is and fits into the pipeline; {@link #flush()} sends it. */
  void pump(long nowNanos) {
    if (channel == null || closing) {
      return;
    }
    while (!underWay.isFull() && loop.work().take(number, nowNanos, task)) {
      if (batch == null) {
        batch = channel.alloc().ioBuffer(expectedBytes);
      }
      loop.ledger().send(task, loop.protocol(), batch, underWay);
      loop.countSent();
    }
  }

  /** Sends what has been written. */
  void flush() {
    if (batch != null && channel != null) {
      expectedBytes = Math.max(FIRST_BATCH_BYTES, batch.readableBytes());
      ByteBuf full = batch;
      batch = null;
      var unused = channel.writeAndFlush(full, channel.voidPromise());
    }
  }

  /** Hangs up if the oldest answer has been waited for too long. */
  void checkTime(long nowNanos) {
    if (channel == null) {
      loop.work().giveUp(number, nowNanos);
    } else if (!underWay.isEmpty() && nowNanos - underWay.sentNanos() > LoadLoop.MAX_WAIT_NANOS) {
      hangUp("no answer within " + TimeUnit.NANOSECONDS.toSeconds(LoadLoop.MAX_WAIT_NANOS) + " s");
    }
  }

  /**
   * Counts each operation in flight as failed for this reason; if there are none, the reason
   * itself.
   */
  private void hangUp(String why) {
    if (underWay.isEmpty()) {
      loop.ledger().trouble(why);
    }
    ending = why;
    close();
  }

  void close() {
    closing = true;
    if (channel != null) {
      var unused = channel.close();
    }
  }

  @Override
  public void success(ByteBuf body) {
    if (isExpected()) {
      long now = System.nanoTime();
      loop.ledger().success(underWay, body, now);
      next(now);
    }
  }

  @Override
  public void missing() {
    if (isExpected()) {
      loop.ledger().missing(underWay);
      next(System.nanoTime());
    }
  }

  @Override
  public void failure(String what) {
    if (isExpected()) {
      loop.ledger().failure(underWay, what);
      next(System.nanoTime());
    }
  }

  @Override
  public void closing() {
    closing = true;
  }

  @Override
  public void unreadable(String why) {
    hangUp("unreadable answer: " + why);
  }

  private boolean isExpected() {
    if (underWay.isEmpty()) {
      unreadable("one that nobody has asked for");
      return false;
    }
    return true;
  }

  private void next(long nowNanos) {
    underWay.remove();
    loop.countDone();
    if (closing) {
      close();
    } else {
      pump(nowNanos);
    }
  }
}
