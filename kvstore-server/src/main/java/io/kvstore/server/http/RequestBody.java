package io.kvstore.server.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** A body as it arrives. Takes memory for what is there, not for what was announced. */
final class RequestBody {
  private static final int FIRST_BYTES = 64 << 10;

  private final int limit;
  private final boolean kept;
  private byte[] bytes;
  private int length;

  private RequestBody(int limit, boolean kept, byte[] bytes) {
    this.limit = limit;
    this.kept = kept;
    this.bytes = bytes;
  }

  /**
   * Starts a body that will be asked for.
   *
   * @param announced its length, or {@link RequestHead#CHUNKED}
   * @throws HttpException if that is over the limit already
   */
  static RequestBody kept(int limit, long announced) {
    check(announced, limit);
    int first = announced == RequestHead.CHUNKED ? 0 : (int) Math.min(announced, FIRST_BYTES);
    return new RequestBody(limit, true, new byte[first]);
  }

  /** Starts a body that is only waited for: like {@link #kept} otherwise. */
  static RequestBody skipped(int limit, long announced) {
    check(announced, limit);
    return new RequestBody(limit, false, new byte[0]);
  }

  /**
   * Takes the next piece.
   *
   * @throws HttpException if it leads over the limit
   */
  void append(ByteBuf piece) {
    int count = piece.readableBytes();
    check((long) length + count, limit);
    if (kept) {
      if (count > bytes.length - length) {
        grow(length + count);
      }
      piece.readBytes(bytes, length, count);
    }
    length += count;
  }

  int length() {
    return length;
  }

  /** Hands over all that has arrived. */
  byte[] bytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private void grow(int needed) {
    int doubled = (int) Math.min(2L * bytes.length, limit);
    bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
  }

  private static void check(long length, int limit) {
    if (length > limit) {
      throw HttpException.fatal(
          Status.CONTENT_TOO_LARGE, "The body has more than the limit of " + limit + " bytes.");
    }
  }
}
