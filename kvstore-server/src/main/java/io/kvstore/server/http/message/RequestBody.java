package io.kvstore.server.http.message;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The buffer of a request's body, while it is received. Its memory grows with the bytes received,
 * not with the announced length: by doubling, then in parts of {@value #PART_BYTES} bytes, so that
 * no growth takes long. {@link #bytes} joins the parts.
 */
public final class RequestBody {
  private static final int FIRST_BYTES = 64 << 10;
  private static final int PART_BYTES = 1 << 20;
  private static final byte[] NOTHING = {};

  private final int limit;
  private final boolean kept;

  /** The announced length; unknown if the body is chunked. */
  private final long announced;

  /** Parts that are full. */
  private final List<byte[]> parts = new ArrayList<>(0);

  private int partsLength;

  /** The part that is being filled. */
  private byte[] bytes = NOTHING;

  private int length;

  /** The limit of the values in JSON; null for other bodies. */
  private final @Nullable JsonLimit values;

  private final int firstChecked;

  private RequestBody(int limit, boolean kept, long announced) {
    this(limit, kept, announced, null, 0);
  }

  private RequestBody(
      int limit, boolean kept, long announced, @Nullable JsonLimit values, int firstChecked) {
    this.limit = limit;
    this.values = values;
    this.firstChecked = firstChecked;
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

  /**
   * Creates the buffer of the JSON of a POST; otherwise like {@link #kept}. It is rejected as soon
   * as its value is certainly longer than the limit of values, or its other fields are.
   */
  public static RequestBody json(HttpLimits limits, long announced) {
    int most = limits.maxValueBytes();
    check(announced, limits.maxJsonBytes());
    return new RequestBody(limits.maxJsonBytes(), true, announced, new JsonLimit(most, 1), most);
  }

  /**
   * Creates the buffer of a batch; otherwise like {@link #kept}. It is rejected as soon as a value
   * is certainly longer than the limit of values.
   */
  public static RequestBody batch(int maxValueBytes, long announced) {
    int limit = HttpLimits.MAX_BATCH_JSON_BYTES;
    check(announced, limit);
    JsonLimit values = new JsonLimit(maxValueBytes, 2);
    return new RequestBody(limit, true, announced, values, maxValueBytes);
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
    int size = partsLength + bytes.length;
    if (!kept || count <= size - length) {
      return size;
    }
    boolean isKnown = announced != RequestHead.CHUNKED;
    long roomy =
        size < PART_BYTES
            ? Math.max(2L * size, isKnown ? FIRST_BYTES : 0)
            : (long) size + PART_BYTES;
    return Math.max(length + count, (int) Math.min(roomy, isKnown ? announced : limit));
  }

  /**
   * Appends the next part.
   *
   * @throws HttpException if the body, or a value in it, exceeds the limit
   */
  public void append(ByteBuf piece) {
    int count = piece.readableBytes();
    int size = sizeWith(count);
    if (kept) {
      int first = Math.min(count, partsLength + bytes.length - length);
      boolean isFull = first < count && bytes.length >= PART_BYTES;
      if (first < count && !isFull) {
        bytes = Arrays.copyOf(bytes, size - partsLength);
        first = count;
      }
      piece.readBytes(bytes, length - partsLength, first);
      if (isFull) {
        parts.add(bytes);
        partsLength += bytes.length;
        bytes = new byte[size - partsLength];
        piece.readBytes(bytes, 0, count - first);
      }
    }
    length += count;
    if (values != null && length > firstChecked) {
      int at = 0;
      for (byte[] part : parts) {
        values.follow(part, at, at + part.length);
        at += part.length;
      }
      values.follow(bytes, at, length);
    }
  }

  public int length() {
    return length;
  }

  /** Returns the bytes received, and releases the buffer. */
  public byte[] bytes() {
    if (parts.isEmpty()) {
      return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    System.arraycopy(bytes, 0, all, at, length - at);
    parts.clear();
    return all;
  }

  private static void check(long length, int limit) {
    if (length > limit) {
      throw HttpException.fatal(
          Status.CONTENT_TOO_LARGE, "The body has more than the limit of " + limit + " bytes.");
    }
  }
}
