package io.kvstore.server.auth;

import java.util.Arrays;
import java.util.List;

/** The rights of a client: to which keys, and whether to change them. For any thread. */
public final class Grant {
  private static final byte[] EVERY_KEY = {};

  private final String name;
  private final boolean writes;
  private final List<byte[]> prefixes;
  private final boolean unlimited;

  /**
   * Describes a grant.
   *
   * @param name of who has it
   * @param writes whether keys may be changed, not only read
   * @param prefixes what the keys begin with that may be; an empty one for every key
   */
  Grant(String name, boolean writes, List<byte[]> prefixes) {
    this.name = name;
    this.writes = writes;
    this.prefixes = List.copyOf(prefixes);
    this.unlimited = prefixes.stream().anyMatch(prefix -> prefix.length == 0);
  }

  /** Everything. */
  public static Grant all(String name) {
    return new Grant(name, true, List.of(EVERY_KEY));
  }

  public String name() {
    return name;
  }

  /** Tells whether what is read may be changed too. */
  public boolean mayWrite() {
    return writes;
  }

  /** Tells whether everything may be done. */
  public boolean isFull() {
    return writes && unlimited;
  }

  /** Tells whether every key may be read. */
  public boolean isUnlimited() {
    return unlimited;
  }

  /**
   * Tells whether a key may be read, or, of a prefix, every key that begins with it.
   *
   * @param bytes not changed, and not kept
   */
  public boolean covers(byte[] bytes) {
    if (unlimited) {
      return true;
    }
    for (byte[] prefix : prefixes) {
      int length = prefix.length;
      if (length <= bytes.length && Arrays.equals(bytes, 0, length, prefix, 0, length)) {
        return true;
      }
    }
    return false;
  }
}
