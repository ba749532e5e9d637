package io.kvstore.server.http.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder with three changes: the request line is taken as the grammar has it, decoding
 * stops between two messages for as long as the {@link Gate} says so, and a {@link FastPathRequest}
 * is offered to it before anything is made of it.
 */
public final class RequestDecoder extends HttpRequestDecoder {

  /** What to do with bytes that have arrived. */
  public enum Flow {
    DECODE,
    /** Leave them where they are; {@link #resume} goes on. */
    HOLD,
    DROP
  }

  /** Asked before each message, and each piece of one. */
  public interface Gate {
    Flow flow();

    /**
     * Answers a request, or says that it is to be decoded like any other; nothing has happened
     * then.
     */
    default boolean answers(FastPathRequest found) {
      return false;
    }
  }

  private final Gate gate;
  private final @Nullable FastPathRequest fastPath;
  private int lastWordEnd;
  private int lengths;
  private int fields;
  private int heads;
  private boolean inHead;

  /** Whether the inherited decoder has seen nothing behind the end of a message. */
  private boolean fresh = true;

  /**
   * @param fastPath to look for fastPath requests with; null to decode them all
   */
  public RequestDecoder(Gate gate, @Nullable FastPathRequest fastPath, HttpLimits limits) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HttpLimits.MAX_REQUEST_LINE_BYTES)
            .setMaxHeaderSize(limits.maxHeaderBytes())
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true)
            .setAllowDuplicateContentLengths(false));
    this.gate = gate;
    this.fastPath = fastPath;
  }

  /** Decodes what was held, after the gate has opened. */
  public void resume(ChannelHandlerContext ctx) throws Exception {
    channelRead(ctx, Unpooled.EMPTY_BUFFER);
  }

  /** How many request lines there were. */
  public int heads() {
    return heads;
  }

  /** Whether there was a request line and its header fields are not all there. */
  public boolean inHead() {
    return inHead;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    switch (gate.flow()) {
      case DECODE -> {
        if (!isAnswered(in)) {
          super.decode(ctx, in, out);
          inHead &= out.isEmpty();
          fresh = !out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent;
        }
      }
      case HOLD -> {}
      case DROP -> in.skipBytes(in.readableBytes());
    }
  }

  /** Has the next request answered, if it is a fastPath one that has arrived whole. */
  private boolean isAnswered(ByteBuf in) {
    int length = fastPath == null || !fresh ? 0 : fastPath.find(in);
    if (fastPath == null || length == 0) {
      return false;
    }
    in.skipBytes(length);
    if (!gate.answers(fastPath)) {
      in.readerIndex(in.readerIndex() - length);
      return false;
    }
    heads++;
    return true;
  }

  /** Without what the inherited method does besides: read on although reading has been stopped. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    discardSomeReadBytes();
    ctx.fireChannelReadComplete();
  }

  @Override
  protected HttpMessage createMessage(String[] line) {
    lengths = 0;
    fields = 0;
    heads++;
    inHead = true;
    return new DefaultHttpRequest(
        version(line[2]),
        HttpMethod.valueOf(line[0]),
        line[1],
        DefaultHttpHeadersFactory.headersFactory());
  }

  @Override
  protected String splitFirstWordInitialLine(byte[] bytes, int start, int length) {
    checkSeparator(start == 0);
    lastWordEnd = start + length;
    return super.splitFirstWordInitialLine(bytes, start, length);
  }

  @Override
  protected String splitSecondWordInitialLine(byte[] bytes, int start, int length) {
    checkSeparator(start == lastWordEnd + 1 && bytes[lastWordEnd] == ' ');
    lastWordEnd = start + length;
    return super.splitSecondWordInitialLine(bytes, start, length);
  }

  @Override
  protected String splitThirdWordInitialLine(byte[] bytes, int start, int length) {
    checkSeparator(start == lastWordEnd + 1 && bytes[lastWordEnd] == ' ');
    return super.splitThirdWordInitialLine(bytes, start, length);
  }

  /** Counts the lengths too, because the decoder makes one of two in HTTP/1.0. */
  @Override
  protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
    if (++fields > HttpLimits.MAX_HEADER_FIELDS) {
      throw HttpException.fatal(
          Status.HEADERS_TOO_LARGE,
          "The request has more than the limit of "
              + HttpLimits.MAX_HEADER_FIELDS
              + " header fields.");
    }
    AsciiString name = super.splitHeaderName(bytes, start, length);
    if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name) && ++lengths > 1) {
      throw HttpException.malformed("The request has more than one Content-Length.");
    }
    return name;
  }

  private static void checkSeparator(boolean single) {
    if (!single) {
      throw HttpException.malformed(
          "The request line is not a method, a target and a version with single spaces between.");
    }
  }

  private static HttpVersion version(String text) {
    if (text.equals("HTTP/1.1")) {
      return HttpVersion.HTTP_1_1;
    }
    if (text.equals("HTTP/1.0")) {
      return HttpVersion.HTTP_1_0;
    }
    if (text.matches("HTTP/\\d\\.\\d")) {
      throw HttpException.fatal(
          Status.VERSION_NOT_SUPPORTED, "This server speaks HTTP/1.1 and HTTP/1.0.");
    }
    throw HttpException.malformed("The request line does not end in an HTTP version.");
  }
}
