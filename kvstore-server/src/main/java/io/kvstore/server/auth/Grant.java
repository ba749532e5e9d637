package io.kvstore.server.auth;

import java.util.Arrays;
import java.util.List;

/**
 * The rights of a client: the keys that it may use, and whether it may change them. Safe for use by
 * any thread.
 */
public final class Grant {
  private static final byte[] EVERY_KEY = {};

  private final String name;
  private final boolean writes;
  private final List<byte[]> prefixes;
  private final boolean unlimited;

  /**
   * Creates a grant.
   *
   * @param name the name of the client
   * @param writes whether keys may be changed, not only read
   * @param prefixes the prefixes of the keys; an empty one for every key
   */
  Grant(String name, boolean writes, List<byte[]> prefixes) {
    this.name = name;
    this.writes = writes;
    this.prefixes = List.copyOf(prefixes);
    this.unlimited = prefixes.stream().anyMatch(prefix -> prefix.length == 0);
  }

  /** Returns all rights. */
  public static Grant all(String name) {
    return new Grant(name, true, List.of(EVERY_KEY));
  }

  public String name() {
    return name;
  }

  /** Whether keys may be changed. */
  public boolean mayWrite() {
    return writes;
  }

  /** Whether every key may be read and changed. */
  public boolean isFull() {
    return writes && unlimited;
  }

  /** Whether every key may be read. */
  public boolean isUnlimited() {
    return unlimited;
  }

  /**
   * Whether a key, or every key with a prefix, may be read.
   *
   * @param bytes the key or the prefix; neither changed nor kept
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
