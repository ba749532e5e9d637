package io.kvstore.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answers of one connection, straight into the bytes that go out. Answers are gathered
 * until {@link #flush()}, so that a batch of pipelined requests costs one write to the socket. Used
 * on the connection's event loop only.
 */
final class ResponseWriter {
  private static final int FIRST_BATCH_BYTES = 512;

  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
  private static final byte[] VALUE_FIELDS =
      ascii("Content-Type: application/octet-stream\r\nX-Content-Type-Options: nosniff\r\n");
  private static final byte[] TEXT_FIELDS =
      ascii("Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n");
  private static final byte[] LENGTH = ascii("Content-Length: ");
  private static final byte[] END = ascii("\r\n\r\n");
  private static final byte[] NO_LENGTH_END = ascii("\r\n");
  private static final byte[] EMPTY_END = ascii("Content-Length: 0\r\n\r\n");

  private final ChannelHandlerContext ctx;
  private final byte[] digits = new byte[10];
  private @Nullable ByteBuf batch;
  private int expectedBytes = FIRST_BATCH_BYTES;
  private boolean unflushed;

  ResponseWriter(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  /** 200 with a value, or with what describes it if {@code headOnly}. */
  void value(ByteBuffer value, boolean headOnly, Persistence persistence) {
    int length = value.remaining();
    ByteBuf out = batch();
    Status.OK.writeTo(out);
    out.writeBytes(VALUE_FIELDS);
    endHead(out, length, persistence);
    if (headOnly) {
      return;
    }
    if (length <= HttpLimits.MAX_COPIED_VALUE_BYTES) {
      out.writeBytes(value);
    } else {
      writeBatch();
      write(Unpooled.wrappedBuffer(value));
    }
  }

  /** An answer without a body. */
  void empty(Status status, Persistence persistence) {
    ByteBuf out = batch();
    status.writeTo(out);
    persistence.writeTo(out);
    out.writeBytes(status == Status.NO_CONTENT ? NO_LENGTH_END : EMPTY_END);
  }

  /** An answer in words. */
  void text(Status status, String text, boolean headOnly, Persistence persistence) {
    byte[] bytes = (text + '\n').getBytes(StandardCharsets.UTF_8);
    ByteBuf out = batch();
    status.writeTo(out);
    out.writeBytes(TEXT_FIELDS);
    endHead(out, bytes.length, persistence);
    if (!headOnly) {
      out.writeBytes(bytes);
    }
  }

  /** Asks for the body that the client holds back. */
  void proceed() {
    batch().writeBytes(CONTINUE);
  }

  /** Sends what has been gathered. */
  void flush() {
    writeBatch();
    if (unflushed) {
      unflushed = false;
      ctx.flush();
    }
  }

  /** Gives back what was gathered and can't be sent any more. */
  void discard() {
    if (batch != null) {
      batch.release();
      batch = null;
    }
  }

  int localPort() {
    return ((InetSocketAddress) ctx.channel().localAddress()).getPort();
  }

  private void endHead(ByteBuf out, int length, Persistence persistence) {
    persistence.writeTo(out);
    out.writeBytes(LENGTH);
    int at = digits.length;
    int rest = length;
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    out.writeBytes(digits, at, digits.length - at).writeBytes(END);
  }

  private ByteBuf batch() {
    if (batch != null && batch.readableBytes() > HttpLimits.MAX_BATCH_BYTES) {
      writeBatch();
    }
    if (batch == null) {
      batch = ctx.alloc().ioBuffer(expectedBytes);
    }
    return batch;
  }

  private void writeBatch() {
    if (batch != null) {
      expectedBytes = Math.max(FIRST_BATCH_BYTES, batch.readableBytes());
      ByteBuf full = batch;
      batch = null;
      write(full);
    }
  }

  private void write(ByteBuf bytes) {
    unflushed = true;
    var unused = ctx.write(bytes, ctx.voidPromise());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
