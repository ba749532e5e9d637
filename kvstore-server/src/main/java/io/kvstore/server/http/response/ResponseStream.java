package io.kvstore.server.http.response;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;

/**
 * The sender of a {@link StreamedResponse}: part by part, in chunks, or to an HTTP/1.0 client as
 * bytes that end with the connection.
 */
public final class ResponseStream {

  /** The connection that the response is sent on. */
  public interface Connection {
    /** Called when a part has been sent, or entries have been skipped. */
    void progressed();

    /** Called when the response has been sent in full. */
    void ended();

    /** Called when nothing has been sent, and an error response must be. */
    void rejected(Throwable cause);

    /** Called when the rest of the response can't be sent. */
    void failed(Throwable cause);
  }

  /** Room for the length of a chunk, and its line end, before the data. */
  private static final int CHUNK_HEAD_BYTES = 10;

  private static final short LINE_END = '\r' << 8 | '\n';
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ChannelHandlerContext ctx;
  private final ResponseWriter out;
  private final Connection connection;
  private final StreamedHead head;
  private boolean begun;

  public ResponseStream(
      ChannelHandlerContext ctx, ResponseWriter out, Connection connection, StreamedHead head) {
    this.ctx = ctx;
    this.out = out;
    this.connection = connection;
    this.head = head;
  }

  /** Whether only the header section is sent. */
  public boolean isHeadOnly() {
    return head.headOnly();
  }

  /** Whether the client reads fast enough. */
  public boolean isWritable() {
    return ctx.channel().isWritable();
  }

  /** Whether the client has read everything sent so far. */
  public boolean isTaken() {
    ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
    return pending != null && pending.totalPendingWriteBytes() == 0;
  }

  public EventExecutor executor() {
    return ctx.executor();
  }

  /** Sends the header section: 200, with a body of this type. */
  public void begin(StreamType type) {
    begun = true;
    out.streamed(type, head);
  }

  /** Returns a buffer for a part, to be filled and passed to {@link #send}. */
  public ByteBuf piece() {
    return ctx.alloc().ioBuffer().writeZero(CHUNK_HEAD_BYTES);
  }

  /** Sends a part, or nothing if it is empty. */
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

  /** Ends the response. */
  public void end() {
    if (head.chunked() && !head.headOnly()) {
      out.piece(ctx.alloc().ioBuffer(LAST_CHUNK.length).writeBytes(LAST_CHUNK));
    }
    connection.ended();
  }

  /**
   * Sends an error response instead; or, if the header section has been sent, breaks off the
   * response, so that the client notices that it is incomplete.
   */
  public void fail(Throwable cause) {
    if (begun) {
      connection.failed(cause);
    } else {
      connection.rejected(cause);
    }
  }
}
