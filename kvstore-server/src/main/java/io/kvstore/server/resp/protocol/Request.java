package io.kvstore.server.resp.protocol;

import io.kvstore.KvStore;
import io.kvstore.server.net.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The arguments of a command, the first one its name, where they lie in the bytes that have
 * arrived. Good until the next command is read; {@link #copy} keeps them.
 */
public final class Request {
  private static final int FIRST_ARGUMENTS = 8;
  private static final int KEPT_ARGUMENTS = 1024;

  private byte[] bytes = {};
  private int base;
  private int[] starts = new int[FIRST_ARGUMENTS];
  private int[] lengths = new int[FIRST_ARGUMENTS];
  private int count;

  /** Returns a request of its own: for commands that do not come by the protocol. */
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

  // ---- for who reads it

  void clear() {
    count = 0;
    if (starts.length > KEPT_ARGUMENTS) {
      starts = new int[FIRST_ARGUMENTS];
      lengths = new int[FIRST_ARGUMENTS];
    }
  }

  /** Adds an argument; where it starts is counted from the base. */
  void add(int start, int length) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    starts[count] = start;
    lengths[count++] = length;
  }

  void liesIn(byte[] array, int from) {
    bytes = array;
    base = from;
  }

  /** Returns the same arguments in an array of their own. */
  public Request copy() {
    byte[][] arguments = new byte[count][];
    for (int i = 0; i < count; i++) {
      arguments[i] = bytes(i);
    }
    return of(arguments);
  }

  /** How many bytes {@link #copy} keeps. */
  public int copySize() {
    long size = 0;
    for (int i = 0; i < count; i++) {
      size += lengths[i];
    }
    return (int) Math.min(size + 64L + 8L * count, Integer.MAX_VALUE);
  }

  // ---- for who carries it out

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
   * @throws RespException if it is too long for one
   */
  public byte[] key(int i) {
    checkKey(i);
    return bytes(i);
  }

  /** Throws what {@link #key} does. */
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

  /** Returns an argument for an error; as in C, a zero ends it. */
  public String shown(int i) {
    String text = text(i);
    int zero = text.indexOf(0);
    return zero < 0 ? text : text.substring(0, zero);
  }

  /** Tells whether an argument is a word, which is given in capitals. */
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
   * Returns an argument that is a whole number.
   *
   * @throws RespException if it is none
   */
  public long number(int i) {
    if (!isNumber(i)) {
      throw RespException.notAnInteger();
    }
    return Numbers.toLong(bytes, start(i), lengths[i]);
  }
}
