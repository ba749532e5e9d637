package io.kvstore.server.resp.protocol;

import io.kvstore.server.net.Numbers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The encoder of replies, in the protocol version of the client. Replies are gathered until they
 * are sent, or discarded.
 */
public final class RespReplies {
  public static final int RESP2 = 2;
  public static final int RESP3 = 3;

  private static final int FIRST_BYTES = 512;
  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  private static final byte[] OK = ascii("+OK\r\n");
  private static final byte[] PONG = ascii("+PONG\r\n");
  private static final byte[] QUEUED = ascii("+QUEUED\r\n");
  private static final byte[] ZERO = ascii(":0\r\n");
  private static final byte[] ONE = ascii(":1\r\n");
  private static final byte[] NULL = ascii("_\r\n");
  private static final byte[] NULL_BULK = ascii("$-1\r\n");
  private static final byte[] NULL_ARRAY = ascii("*-1\r\n");
  private static final int MAX_DIGITS = 20;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int size;
  private int protocol = RESP2;
  private int errors;

  public int protocol() {
    return protocol;
  }

  public void speak(int version) {
    protocol = version;
  }

  /** The number of errors so far, including discarded ones. */
  public int errors() {
    return errors;
  }

  public int size() {
    return size;
  }

  /** The bytes from 0 to {@link #size}; valid until the next change. */
  public byte[] array() {
    return bytes;
  }

  /** Discards all replies after an earlier size. */
  public void cutTo(int earlier) {
    size = earlier;
    if (size == 0 && bytes.length > RespLimits.MAX_BATCH_BYTES) {
      bytes = new byte[FIRST_BYTES];
    }
  }

  public void ok() {
    raw(OK);
  }

  public void pong() {
    raw(PONG);
  }

  public void queued() {
    raw(QUEUED);
  }

  public void simple(String text) {
    line('+', text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Adds an error, with its code; line breaks become blanks, and characters bytes. */
  public void error(String text) {
    errors++;
    line('-', text.replace('\r', ' ').replace('\n', ' ').getBytes(StandardCharsets.ISO_8859_1));
  }

  public void integer(long number) {
    if (number == 0) {
      raw(ZERO);
    } else if (number == 1) {
      raw(ONE);
    } else {
      head(':', number);
    }
  }

  public void flag(boolean value) {
    raw(value ? ONE : ZERO);
  }

  public void nothing() {
    raw(protocol == RESP2 ? NULL_BULK : NULL);
  }

  public void noArray() {
    raw(protocol == RESP2 ? NULL_ARRAY : NULL);
  }

  public void bulk(byte[] value) {
    bulkHead(value.length);
    raw(value);
    end();
  }

  public void bulk(ByteBuffer value) {
    int length = value.remaining();
    ensureRoom(length + MAX_DIGITS + 5);
    head('$', length);
    value.get(value.position(), bytes, size, length);
    size += length;
    end();
  }

  public void bulk(String text) {
    bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  public void bulk(long number) {
    bulk(Numbers.bytes(number));
  }

  /** Adds the header of a value that is sent without a copy; {@link #end} must follow. */
  public void bulkHead(int length) {
    head('$', length);
  }

  public void end() {
    ensureRoom(2);
    bytes[size++] = '\r';
    bytes[size++] = '\n';
  }

  /** Adds human-readable text. */
  public void verbatim(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (protocol == RESP2) {
      bulk(utf8);
    } else {
      head('=', utf8.length + 4);
      raw(ascii("txt:"));
      raw(utf8);
      end();
    }
  }

  public void array(int length) {
    head('*', length);
  }

  /** Adds the header of a map; this many keys, each with a value, must follow. */
  public void map(int entries) {
    if (protocol == RESP2) {
      head('*', 2L * entries);
    } else {
      head('%', entries);
    }
  }

  public void set(int length) {
    head(protocol == RESP2 ? '*' : '~', length);
  }

  /** Adds the header of an out-of-band message. */
  public void push(int length) {
    head(protocol == RESP2 ? '*' : '>', length);
  }

  public void raw(byte[] reply) {
    raw(reply, reply.length);
  }

  public void raw(byte[] reply, int length) {
    ensureRoom(length);
    System.arraycopy(reply, 0, bytes, size, length);
    size += length;
  }

  private void line(char type, byte[] text) {
    ensureRoom(1);
    bytes[size++] = (byte) type;
    raw(text);
    end();
  }

  private void head(char type, long number) {
    ensureRoom(MAX_DIGITS + 3);
    bytes[size++] = (byte) type;
    size = Numbers.write(number, bytes, size);
    bytes[size++] = '\r';
    bytes[size++] = '\n';
  }

  /** Replies may take {@link RespLimits#MAX_REPLY_BYTES}; a single one may be longer. */
  private void ensureRoom(int more) {
    long wanted = (long) size + more;
    if (wanted <= bytes.length) {
      return;
    }
    boolean hasOthers = size > RespLimits.MAX_BATCH_BYTES;
    if (wanted > MAX_ARRAY_BYTES || (hasOthers && wanted > RespLimits.MAX_REPLY_BYTES)) {
      throw tooLong();
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_ARRAY_BYTES, Math.max(wanted, 2L * size)));
  }

  private static RespException tooLong() {
    return new RespException(
        "ERR the reply has more than the limit of " + RespLimits.MAX_REPLY_BYTES + " bytes");
  }

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
