package io.kvstore.server.http.response;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;

/**
 * Sends a {@link StreamedResponse} response: piece by piece, in chunks, or to an HTTP/1.0 client as
 * bytes that end with the connection.
 */
public final class ResponseStream {

  /** Who gives the answer. */
  public interface Connection {
    /** Something has been sent, or looked at. */
    void progressed();

    /** All has been sent. */
    void ended();

    /** The rest can't be sent. */
    void failed(Throwable cause);
  }

  /** Room for the length of a chunk, and the line's end, before its data. */
  private static final int CHUNK_HEAD_BYTES = 10;

  private static final short LINE_END = '\r' << 8 | '\n';
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ChannelHandlerContext ctx;
  private final ResponseWriter out;
  private final Connection connection;
  private final StreamedHead head;

  public ResponseStream(
      ChannelHandlerContext ctx, ResponseWriter out, Connection connection, StreamedHead head) {
    this.ctx = ctx;
    this.out = out;
    this.connection = connection;
    this.head = head;
  }

  /** Whether the client wants to know how the answer begins, and no more. */
  public boolean isHeadOnly() {
    return head.headOnly();
  }

  /** Whether the client takes what is sent. */
  public boolean isWritable() {
    return ctx.channel().isWritable();
  }

  /** Whether the client has taken all that was sent. */
  public boolean isTaken() {
    ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
    return pending != null && pending.totalPendingWriteBytes() == 0;
  }

  public EventExecutor executor() {
    return ctx.executor();
  }

  /** Sends the head: 200, with a body of this type. */
  public void begin(StreamType type) {
    out.streamed(type, head);
  }

  /** Starts a piece, to be filled and then sent. */
  public ByteBuf piece() {
    return ctx.alloc().ioBuffer().writeZero(CHUNK_HEAD_BYTES);
  }

  /** Sends a piece, or nothing if nothing has been written to it. */
  public void send(ByteBuf piece) {
    connection.progressed();
    int length = piece.readableBytes() - CHUNK_HEAD_BYTES;
    if (length == 0) {
      piece.release();
      return;
    }
    piece.skipBytes(CHUNK_HEAD_BYTES);
    if (head.chunked()) {
      byte[] digits = Integer.toHexString(length).getBytes(StandardCharsets.US_ASCII);
      int start = CHUNK_HEAD_BYTES - 2 - digits.length;
      piece.setBytes(start, digits).setShort(CHUNK_HEAD_BYTES - 2, LINE_END).readerIndex(start);
      piece.writeShort(LINE_END);
    }
    out.piece(piece);
    out.flush();
  }

  /** Says that this was all. */
  public void end() {
    if (head.chunked() && !head.headOnly()) {
      out.piece(ctx.alloc().ioBuffer(LAST_CHUNK.length).writeBytes(LAST_CHUNK));
    }
    connection.ended();
  }

  /** Breaks off, so that the client can tell that something is missing. */
  public void fail(Throwable cause) {
    connection.failed(cause);
  }
}
