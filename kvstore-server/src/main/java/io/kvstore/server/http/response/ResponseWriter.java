package io.kvstore.server.http.response;

import io.kvstore.KvStore;
import io.kvstore.ValueView;
import io.kvstore.server.http.message.ByteRange;
import io.kvstore.server.http.message.ConnectionOption;
import io.kvstore.server.http.message.EntityTag;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the responses of one connection to its send buffer. Responses are gathered until {@link
 * #flush()}, so that a batch of pipelined requests costs one write to the socket. Used on the
 * connection's event loop only.
 */
public final class ResponseWriter {
  private static final int FIRST_BATCH_BYTES = 512;

  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
  private static final byte[] TEXT_FIELDS =
      ascii(fields("text/plain; charset=utf-8", "Cache-Control: no-cache"));
  private static final byte[] PROBLEM_FIELDS =
      ascii(fields(Problem.TYPE, "Cache-Control: no-cache"));
  private static final byte[] ALLOW = ascii(Method.ALLOW + "\r\n");
  private static final byte[] LENGTH = ascii("Content-Length: ");
  private static final byte[] END = ascii("\r\n\r\n");
  private static final byte[] CHUNKED_END = ascii("Transfer-Encoding: chunked\r\n\r\n");
  private static final byte[] NO_LENGTH_END = ascii("\r\n");
  private static final byte[] EMPTY_END = ascii("Content-Length: 0\r\n\r\n");

  private final ChannelHandlerContext ctx;
  private final DateField date;
  private final FieldWriter fields;
  private @Nullable ByteBuf batch;
  private int expectedBytes = FIRST_BATCH_BYTES;
  private boolean unflushed;
  private Status status = Status.OK;
  private long bodyBytes;
  private byte[] crossOrigin = {};

  /**
   * @param store knows the history of each version
   */
  public ResponseWriter(ChannelHandlerContext ctx, DateField date, KvStore<?, ?> store) {
    this.ctx = ctx;
    this.date = date;
    this.fields = new FieldWriter(store);
  }

  /** 200 with a value, or with its header fields only. */
  public void value(ValueView view, boolean headOnly, ConnectionOption option) {
    ByteBuf out = batch();
    status = Status.OK;
    bodyBytes = 0;
    if (view.label() == null && view.expiresAt() == null) {
      fields.usualValue(out, view.version());
    } else {
      Status.OK.writeTo(out);
      fields.value(out, view, EntityTag.plain(view.version()));
    }
    ByteBuffer value = view.bytes();
    endHead(out, value.remaining(), option);
    if (!headOnly) {
      body(out, value);
    }
  }

  /** 206 with a range of a value. */
  public void part(ValueView view, ByteRange range, ConnectionOption option) {
    ByteBuf out = begin(Status.PARTIAL_CONTENT);
    fields.value(out, view, EntityTag.plain(view.version()));
    ByteBuffer value = view.bytes();
    fields.range(out, range, value.remaining());
    endHead(out, range.length(), option);
    body(out, value.slice(value.position() + range.first(), range.length()));
  }

  /** 200 with a compressed value, which is shorter than a usual batch. */
  public void compressed(ValueView view, byte[] gzip, boolean headOnly, ConnectionOption option) {
    ByteBuf out = begin(Status.OK);
    fields.value(out, view, EntityTag.compressed(view.version()));
    end(out, gzip, headOnly, option);
  }

  /** 304: the client's copy is current. */
  public void notModified(ValueView view, EntityTag tag, ConnectionOption option) {
    ByteBuf out = begin(Status.NOT_MODIFIED);
    fields.validator(out, view, tag);
    general(out, option);
    out.writeBytes(NO_LENGTH_END);
  }

  /** The response to a write that created a new version of an entry, without a body. */
  public void stored(Status status, long version, ConnectionOption option) {
    ByteBuf out = begin(status);
    fields.tag(out, EntityTag.plain(version));
    general(out, option);
    out.writeBytes(status == Status.NO_CONTENT ? NO_LENGTH_END : EMPTY_END);
  }

  /** A response without a body. */
  public void empty(Status status, ConnectionOption option) {
    ByteBuf out = begin(status);
    general(out, option);
    out.writeBytes(status == Status.NO_CONTENT ? NO_LENGTH_END : EMPTY_END);
  }

  /** 204 with the supported methods. */
  public void methods(ConnectionOption option) {
    ByteBuf out = begin(Status.NO_CONTENT);
    out.writeBytes(ALLOW);
    general(out, option);
    out.writeBytes(NO_LENGTH_END);
  }

  /** An error response: problem details if {@code asProblem}, otherwise text. */
  public void error(
      HttpException error, boolean asProblem, boolean headOnly, ConnectionOption option) {
    ByteBuf out = begin(error.status());
    @Nullable String field = error.field();
    if (field != null) {
      out.writeCharSequence(field, StandardCharsets.US_ASCII);
      out.writeBytes(NO_LENGTH_END);
    }
    if (asProblem) {
      out.writeBytes(PROBLEM_FIELDS);
      end(out, Problem.of(error), headOnly, option);
    } else {
      text(out, error.sentence(), headOnly, option);
    }
  }

  /** A response with a text. */
  public void text(Status status, String text, boolean headOnly, ConnectionOption option) {
    ByteBuf out = begin(status);
    text(out, text, headOnly, option);
  }

  private void text(ByteBuf out, String text, boolean headOnly, ConnectionOption option) {
    out.writeBytes(TEXT_FIELDS);
    end(out, (text + '\n').getBytes(StandardCharsets.UTF_8), headOnly, option);
  }

  private void end(ByteBuf out, byte[] bytes, boolean headOnly, ConnectionOption option) {
    endHead(out, bytes.length, option);
    if (!headOnly) {
      bodyBytes += bytes.length;
      out.writeBytes(bytes);
    }
  }

  /** 200 with a body. */
  public void body(Body body, ConnectionOption option) {
    ByteBuf out = begin(Status.OK);
    body.type().writeTo(out);
    endHead(out, body.bytes().length, option);
    body(out, ByteBuffer.wrap(body.bytes()));
  }

  /** 200 with a body that follows in parts. */
  void streamed(StreamType type, StreamedHead head) {
    ByteBuf out = begin(Status.OK);
    type.writeTo(out);
    general(out, head.option());
    out.writeBytes(head.chunked() ? CHUNKED_END : NO_LENGTH_END);
  }

  /** Writes a part of such a body, and takes ownership of the buffer. */
  void piece(ByteBuf bytes) {
    bodyBytes += bytes.readableBytes();
    writeBatch();
    write(bytes);
  }

  /** Sends 100 Continue. */
  public void proceed() {
    batch().writeBytes(CONTINUE);
  }

  /** Sends the gathered responses. */
  public void flush() {
    writeBatch();
    if (unflushed) {
      unflushed = false;
      ctx.flush();
    }
  }

  /** Releases responses that can't be sent any more. */
  public void discard() {
    if (batch != null) {
      batch.release();
      batch = null;
    }
  }

  /** The status of the last response. */
  public Status status() {
    return status;
  }

  /** The length of its body so far, including the framing of chunks. */
  public long bodyBytes() {
    return bodyBytes;
  }

  public int localPort() {
    return ((InetSocketAddress) ctx.channel().localAddress()).getPort();
  }

  /**
   * Sets the header fields for web pages of other origins, which all responses have from now on.
   */
  public void crossOrigin(byte[] lines) {
    crossOrigin = lines;
  }

  /** Writes the fields of every response. */
  private void general(ByteBuf out, ConnectionOption option) {
    if (crossOrigin.length > 0) {
      out.writeBytes(crossOrigin);
    }
    date.writeTo(out);
    option.writeTo(out);
  }

  private void endHead(ByteBuf out, int length, ConnectionOption option) {
    general(out, option);
    out.writeBytes(LENGTH);
    fields.number(out, length);
    out.writeBytes(END);
  }

  private void body(ByteBuf out, ByteBuffer value) {
    bodyBytes += value.remaining();
    if (value.remaining() <= HttpLimits.MAX_COPIED_VALUE_BYTES) {
      out.writeBytes(value);
    } else {
      writeBatch();
      write(Unpooled.wrappedBuffer(value));
    }
  }

  private ByteBuf begin(Status begun) {
    ByteBuf out = batch();
    status = begun;
    bodyBytes = 0;
    begun.writeTo(out);
    return out;
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

  private static String fields(String type, String other) {
    return "Content-Type: " + type + "\r\n" + DocumentFields.LINES + other + "\r\n";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
