package io.kvstore.server.http.message;

import org.jspecify.annotations.Nullable;

/**
 * An entity tag of this server: {@code "17"} for version 17 of an entry, {@code "17-gzip"} for the
 * same version compressed.
 *
 * @param weak whether the client sent it with the prefix {@code W/}, which only a proxy can have
 *     added
 */
public record EntityTag(long version, boolean compressed, boolean weak) {
  /** The suffix of the version in the tag of a compressed value. */
  public static final String COMPRESSED = "-gzip";

  private static final int MAX_DIGITS = 19;

  /** Returns the tag of a value. */
  public static EntityTag plain(long version) {
    return new EntityTag(version, false, false);
  }

  /** Returns the tag of a compressed value. */
  public static EntityTag compressed(long version) {
    return new EntityTag(version, true, false);
  }

  /** Parses the characters between quotes; returns null if they are not a tag of this server. */
  static @Nullable EntityTag of(String opaque, boolean weak) {
    boolean compressed = opaque.endsWith(COMPRESSED);
    int digits = opaque.length() - (compressed ? COMPRESSED.length() : 0);
    if (digits == 0 || digits > MAX_DIGITS || opaque.charAt(0) == '0') {
      return null;
    }
    long version = 0;
    for (int i = 0; i < digits; i++) {
      int digit = opaque.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      version = 10 * version + digit;
    }
    return version < 0 ? null : new EntityTag(version, compressed, weak);
  }
}
