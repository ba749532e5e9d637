package io.kvstore.bench.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Parses the RESP replies of GET and SET: simple string, error, integer, bulk string, null. */
final class RespReplyReader extends ByteToMessageDecoder {
  private static final int MAX_LINE_BYTES = 64 << 10;
  private static final int MAX_VALUE_BYTES = 512 << 20;
  private static final int END_BYTES = 2;

  private final ResponseHandler handler;

  RespReplyReader(ResponseHandler handler) {
    this.handler = handler;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int start = in.readerIndex();
    int lineEnd = in.indexOf(start, in.writerIndex(), (byte) '\n');
    if (lineEnd < 0) {
      if (in.readableBytes() > MAX_LINE_BYTES) {
        unreadable(in, "a line without an end");
      }
      return;
    }
    switch (in.getByte(start)) {
      case '+', ':' -> {
        in.readerIndex(lineEnd + 1);
        handler.success(Unpooled.EMPTY_BUFFER);
      }
      case '-' -> {
        String error = in.toString(start + 1, lineEnd - start - 1, StandardCharsets.UTF_8);
        in.readerIndex(lineEnd + 1);
        handler.failure(error.split("\\s", 2)[0]);
      }
      case '$' -> readValue(in, lineEnd);
      default -> unreadable(in, "a reply of type " + (in.getByte(start) & 0xFF));
    }
  }

  private void readValue(ByteBuf in, int lineEnd) {
    int length = length(in, lineEnd);
    if (length == -1) {
      in.readerIndex(lineEnd + 1);
      handler.missing();
    } else if (length < 0 || length > MAX_VALUE_BYTES) {
      unreadable(in, "a value without a proper length");
    } else if (in.writerIndex() - lineEnd - 1 >= length + END_BYTES) {
      in.readerIndex(lineEnd + 1 + length + END_BYTES);
      handler.success(in.slice(lineEnd + 1, length));
    }
  }

  /** Returns -1 for nothing, and -2 for what is no length. */
  private static int length(ByteBuf in, int lineEnd) {
    int at = in.readerIndex() + 1;
    boolean negative = in.getByte(at) == '-';
    long length = 0;
    for (at += negative ? 1 : 0; at < lineEnd && in.getByte(at) != '\r'; at++) {
      int digit = in.getByte(at) - '0';
      if (digit < 0 || digit > 9 || length > MAX_VALUE_BYTES) {
        return -2;
      }
      length = length * 10 + digit;
    }
    return negative ? (length == 1 ? -1 : -2) : (int) length;
  }

  private void unreadable(ByteBuf in, String why) {
    in.skipBytes(in.readableBytes());
    handler.unreadable(why);
  }
}
