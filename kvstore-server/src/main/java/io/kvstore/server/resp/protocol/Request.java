package io.kvstore.server.resp.protocol;

import io.kvstore.KvStore;
import io.kvstore.server.net.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The arguments of a command, the first of which is its name. They point into the receive buffer,
 * and are valid until the next command is parsed; {@link #copy} keeps them.
 */
public final class Request {
  private static final int FIRST_ARGUMENTS = 8;
  private static final int KEPT_ARGUMENTS = 1024;

  private static final byte[] NOTHING = {};

  /** The length that error messages quote of an argument. */
  private static final int MAX_SHOWN_BYTES = 1 << 10;

  private byte[] bytes = NOTHING;
  private int base;
  private int[] starts = new int[FIRST_ARGUMENTS];
  private int[] lengths = new int[FIRST_ARGUMENTS];
  private int count;

  /** Returns a request that was not received over the protocol. */
  public static Request of(byte[]... arguments) {
    Request request = new Request();
    int size = 0;
    for (byte[] argument : arguments) {
      size += argument.length;
    }
    byte[] all = new byte[size];
    int at = 0;
    for (byte[] argument : arguments) {
      System.arraycopy(argument, 0, all, at, argument.length);
      request.add(at, argument.length);
      at += argument.length;
    }
    request.liesIn(all, 0);
    return request;
  }

  // ---- for the parser

  void clear() {
    count = 0;
    if (starts.length > KEPT_ARGUMENTS) {
      starts = new int[FIRST_ARGUMENTS];
      lengths = new int[FIRST_ARGUMENTS];
    }
  }

  /** Adds an argument; its start is relative to the base. */
  void add(int start, int length) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    starts[count] = start;
    lengths[count++] = length;
  }

  /** Forgets the arguments, and the array that they lie in. */
  void forget() {
    clear();
    bytes = NOTHING;
  }

  void liesIn(byte[] array, int from) {
    bytes = array;
    base = from;
  }

  /** Copies the bytes of the request, of which there are so many, to an array of its own. */
  void ownBytes(int size) {
    bytes = Arrays.copyOfRange(bytes, base, base + size);
    base = 0;
  }

  /** Returns the same arguments in an array of their own. */
  public Request copy() {
    byte[][] arguments = new byte[count][];
    for (int i = 0; i < count; i++) {
      arguments[i] = bytes(i);
    }
    return of(arguments);
  }

  /** The size of the array of {@link #copy}. */
  public int copySize() {
    long size = 0;
    for (int i = 0; i < count; i++) {
      size += lengths[i];
    }
    return (int) Math.min(size + 64L + 8L * count, Integer.MAX_VALUE);
  }

  // ---- for commands

  public int count() {
    return count;
  }

  public byte[] array() {
    return bytes;
  }

  public int start(int i) {
    return base + starts[i];
  }

  public int length(int i) {
    return lengths[i];
  }

  public byte[] bytes(int i) {
    return Arrays.copyOfRange(bytes, start(i), start(i) + lengths[i]);
  }

  /**
   * Returns an argument that is a key.
   *
   * @throws RespException if it is too long
   */
  public byte[] key(int i) {
    checkKey(i);
    return bytes(i);
  }

  /** Throws the exception of {@link #key}, if any. */
  public void checkKey(int i) {
    if (lengths[i] > KvStore.MAX_KEY_BYTES) {
      throw new RespException(
          "ERR the key has more than the limit of " + KvStore.MAX_KEY_BYTES + " bytes");
    }
  }

  /** Returns an argument as text, a character for each byte. */
  public String text(int i) {
    return new String(bytes, start(i), lengths[i], StandardCharsets.ISO_8859_1);
  }

  /** Returns an argument for an error message: its start, if it is long. */
  public String shown(int i) {
    return shown(i, MAX_SHOWN_BYTES);
  }

  /** Returns the start of an argument for an error message; as in C, a NUL byte ends it. */
  public String shown(int i, int most) {
    int length = Math.min(most, lengths[i]);
    String text = new String(bytes, start(i), length, StandardCharsets.ISO_8859_1);
    int zero = text.indexOf(0);
    return zero < 0 ? text : text.substring(0, zero);
  }

  /** Whether an argument is a keyword, which is given in upper case. */
  public boolean is(int i, String word) {
    if (lengths[i] != word.length()) {
      return false;
    }
    int at = start(i);
    for (int k = 0; k < word.length(); k++) {
      if (capital(bytes[at + k]) != word.charAt(k)) {
        return false;
      }
    }
    return true;
  }

  public static int capital(byte b) {
    return b >= 'a' && b <= 'z' ? b - ('a' - 'A') : b;
  }

  public boolean isNumber(int i) {
    return Numbers.isLong(bytes, start(i), lengths[i]);
  }

  /**
   * Returns an argument that is an integer.
   *
   * @throws RespException if it is not
   */
  public long number(int i) {
    if (!isNumber(i)) {
      throw RespException.notAnInteger();
    }
    return Numbers.toLong(bytes, start(i), lengths[i]);
  }
}
