package io.kvstore.server.http.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The buffer of a request's body, while it is received. Its memory grows with the bytes received,
 * not with the announced length.
 */
public final class RequestBody {
  private static final int FIRST_BYTES = 64 << 10;
  private static final byte[] NOTHING = {};

  private final int limit;
  private final boolean kept;

  /** The announced length; unknown if the body is chunked. */
  private final long announced;

  private byte[] bytes = NOTHING;
  private int length;

  private RequestBody(int limit, boolean kept, long announced) {
    this.limit = limit;
    this.kept = kept;
    this.announced = announced;
  }

  /**
   * Creates the buffer of a body that is kept.
   *
   * @param announced its length, or {@link RequestHead#CHUNKED}
   * @throws HttpException if that exceeds the limit
   */
  public static RequestBody kept(int limit, long announced) {
    check(announced, limit);
    return new RequestBody(limit, true, announced);
  }

  /** Creates the buffer of a body that is skipped; otherwise like {@link #kept}. */
  public static RequestBody skipped(int limit, long announced) {
    check(announced, limit);
    return new RequestBody(limit, false, announced);
  }

  /**
   * Returns the memory that is needed with another part.
   *
   * @param count the length of the part
   * @throws HttpException if the body exceeds the limit
   */
  public int sizeWith(int count) {
    check((long) length + count, limit);
    if (!kept || count <= bytes.length - length) {
      return bytes.length;
    }
    boolean isKnown = announced != RequestHead.CHUNKED;
    long roomy = Math.max(2L * bytes.length, isKnown ? FIRST_BYTES : 0);
    return Math.max(length + count, (int) Math.min(roomy, isKnown ? announced : limit));
  }

  /**
   * Appends the next part.
   *
   * @throws HttpException if the body exceeds the limit
   */
  public void append(ByteBuf piece) {
    int count = piece.readableBytes();
    int size = sizeWith(count);
    if (kept) {
      if (size > bytes.length) {
        bytes = Arrays.copyOf(bytes, size);
      }
      piece.readBytes(bytes, length, count);
    }
    length += count;
  }

  public int length() {
    return length;
  }

  /** Returns the bytes received, and releases the buffer. */
  public byte[] bytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private static void check(long length, int limit) {
    if (length > limit) {
      throw HttpException.fatal(
          Status.CONTENT_TOO_LARGE, "The body has more than the limit of " + limit + " bytes.");
    }
  }
}
