package io.kvstore.server.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The encoder of a long value in JSON, a piece at a time, in the form of {@link JsonBytes}. Writes
 * what comes between the quotes.
 */
public final class LongJson {
  /** The bytes of the value in a piece: whole groups of Base64. */
  private static final int PIECE_BYTES = 9 << 10;

  private static final int DECODED_CHARS = 8 << 10;
  private static final int MAX_ESCAPE_BYTES = 6;
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** For each control character the letter of its escape, or 0 for one with a number. */
  private static final byte[] LETTERS = new byte[' '];

  static {
    LETTERS['\b'] = 'b';
    LETTERS['\t'] = 't';
    LETTERS['\n'] = 'n';
    LETTERS['\f'] = 'f';
    LETTERS['\r'] = 'r';
  }

  private final ByteBuffer rest;
  private final boolean text;

  private LongJson(ByteBuffer rest, boolean text) {
    this.rest = rest;
    this.text = text;
  }

  /** Returns an encoder for a value, whose bytes must not change. */
  public static LongJson of(ByteBuffer value) {
    return new LongJson(value.duplicate(), isUtf8(value.duplicate()));
  }

  private static boolean isUtf8(ByteBuffer value) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer decoded = CharBuffer.allocate(DECODED_CHARS);
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      decoded.clear();
      result = decoder.decode(value, decoded, true);
    }
    return result.isUnderflow();
  }

  /** Returns the name of the field, which depends on the encoding. */
  public String field(String name) {
    return text ? name : name + JsonBytes.BASE64;
  }

  /** Whether everything has been written. */
  public boolean isDone() {
    return !rest.hasRemaining();
  }

  /** Writes the next piece. */
  public void writeNext(OutputStream out) throws IOException {
    byte[] piece = new byte[Math.min(PIECE_BYTES, rest.remaining())];
    rest.get(piece);
    if (text) {
      byte[] escaped = new byte[MAX_ESCAPE_BYTES * piece.length];
      out.write(escaped, 0, escape(piece, escaped));
    } else {
      out.write(Base64.getEncoder().encode(piece));
    }
  }

  /** Escapes UTF-8, in which the bytes of all other characters stay as they are. */
  private static int escape(byte[] piece, byte[] escaped) {
    int end = 0;
    for (byte b : piece) {
      if (b >= 0 && b < ' ') {
        escaped[end++] = '\\';
        if (LETTERS[b] != 0) {
          escaped[end++] = LETTERS[b];
        } else {
          Arrays.fill(escaped, end + 1, end + 3, (byte) '0');
          escaped[end] = 'u';
          escaped[end + 3] = HEX[b >> 4];
          escaped[end + 4] = HEX[b & 0xF];
          end += MAX_ESCAPE_BYTES - 1;
        }
      } else {
        if (b == '"' || b == '\\') {
          escaped[end++] = '\\';
        }
        escaped[end++] = b;
      }
    }
    return end;
  }
}
