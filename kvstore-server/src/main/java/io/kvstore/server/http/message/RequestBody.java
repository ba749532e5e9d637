package io.kvstore.server.http.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The body of a request, as it arrives. Takes memory for what is there, not for what was announced.
 */
public final class RequestBody {
  private static final int FIRST_BYTES = 64 << 10;
  private static final byte[] NOTHING = {};

  private final int limit;
  private final boolean kept;

  /** What is announced; of a body in chunks nothing is known. */
  private final long announced;

  private byte[] bytes = NOTHING;
  private int length;

  private RequestBody(int limit, boolean kept, long announced) {
    this.limit = limit;
    this.kept = kept;
    this.announced = announced;
  }

  /**
   * Starts a body that will be asked for.
   *
   * @param announced its length, or {@link RequestHead#CHUNKED}
   * @throws HttpException if that is over the limit already
   */
  public static RequestBody kept(int limit, long announced) {
    check(announced, limit);
    return new RequestBody(limit, true, announced);
  }

  /** Starts a body that is only waited for: like {@link #kept} otherwise. */
  public static RequestBody skipped(int limit, long announced) {
    check(announced, limit);
    return new RequestBody(limit, false, announced);
  }

  /**
   * Returns how much memory it takes once it has another piece.
   *
   * @param count the bytes of the piece
   * @throws HttpException if it leads over the limit
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
   * Takes the next piece.
   *
   * @throws HttpException if it leads over the limit
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

  /** Hands over all that has arrived. */
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
