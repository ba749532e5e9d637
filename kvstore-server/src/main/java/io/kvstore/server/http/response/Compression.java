package io.kvstore.server.http.response;

import io.kvstore.ValueView;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.MediaType;
import io.kvstore.server.http.message.Preference;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * The gzip compression of text values, for clients that accept it. Each response is compressed on
 * the event loop, without a cache; so values that are too short to gain, and those long enough to
 * block the event loop, are left alone.
 */
public final class Compression {
  private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 4, (byte) 0xFF};
  private static final int TRAILER_BYTES = 8;

  /** Compression must save an eighth of the value. */
  private static final int GAIN = 8;

  private Compression() {}

  /** Whether a value is compressed for clients that accept it, if that saves enough. */
  public static boolean suits(ValueView view) {
    @Nullable String label = view.label();
    int length = view.bytes().remaining();
    return label != null
        && length >= HttpLimits.MIN_COMPRESSED_VALUE_BYTES
        && length <= HttpLimits.MAX_COMPRESSED_VALUE_BYTES
        && MediaType.isText(label);
  }

  /** Whether a client accepts gzip, and does not prefer the plain value. */
  public static boolean isWanted(HttpHeaders headers) {
    if (!headers.contains(HttpHeaderNames.ACCEPT_ENCODING)) {
      return false;
    }
    double gzip = Preference.weight(headers, HttpHeaderNames.ACCEPT_ENCODING, "gzip", "x-gzip");
    if (gzip == Preference.UNNAMED) {
      gzip = Preference.weight(headers, HttpHeaderNames.ACCEPT_ENCODING, "*");
    }
    return gzip > 0
        && gzip >= Preference.weight(headers, HttpHeaderNames.ACCEPT_ENCODING, "identity");
  }

  /** Compresses a value, or returns null if that saves too little. */
  public static byte @Nullable [] gzip(ByteBuffer value) {
    int length = value.remaining();
    byte[] out = Arrays.copyOf(HEADER, length - length / GAIN);
    int room = out.length - TRAILER_BYTES;
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    int end;
    try {
      deflater.setInput(value.duplicate());
      deflater.finish();
      end = HEADER.length + deflater.deflate(out, HEADER.length, room - HEADER.length);
      if (!deflater.finished()) {
        return null;
      }
    } finally {
      deflater.end();
    }
    CRC32 checksum = new CRC32();
    checksum.update(value.duplicate());
    ByteBuffer.wrap(out)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(end, (int) checksum.getValue())
        .putInt(end + Integer.BYTES, length);
    return Arrays.copyOf(out, end + TRAILER_BYTES);
  }
}
