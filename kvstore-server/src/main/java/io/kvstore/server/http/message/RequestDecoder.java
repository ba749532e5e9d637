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
 * Netty's HTTP decoder with three changes: the request line is checked against the grammar, a
 * {@link Gate} can hold decoding between two messages, and {@link FastPathRequest} comes first.
 */
public final class RequestDecoder extends HttpRequestDecoder {

  /** The handling of received bytes. */
  public enum Flow {
    DECODE,
    /** Keep them undecoded until {@link #resume}. */
    HOLD,
    DROP
  }

  /** The controller of decoding. Asked before each message, and each part of one. */
  public interface Gate {
    Flow flow();

    /** Answers a fast-path request; returns false, without any effect, if it has to be decoded. */
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

  /** Whether the inherited decoder is at the start of a request and has no bytes of it. */
  private boolean fresh = true;

  /**
   * @param fastPath the fast-path parser; null to decode all requests
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

  /** Decodes the bytes that were held. */
  public void resume(ChannelHandlerContext ctx) throws Exception {
    channelRead(ctx, Unpooled.EMPTY_BUFFER);
  }

  /** The number of request lines so far. */
  public int heads() {
    return heads;
  }

  /** Whether a request line has been decoded, but not all of the header section. */
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

  /** Offers the next request to the gate, if it is a complete fast-path request. */
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

  /** Unlike the inherited method, does not trigger a read when auto-read is off. */
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

  /** Also counts the lengths, because the inherited decoder merges two in HTTP/1.0. */
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
