package io.kvstore.server.auth;

import org.jspecify.annotations.Nullable;

/**
 * The rights of an authenticated client while it stays connected. They follow the token file: if
 * the client's token is removed, it has none from then on, and if the token is changed, its rights
 * are. Safe for use by any thread.
 */
public final class Admission {
  private final @Nullable TokenFile file;
  private final byte[] digest;
  private volatile Found found;

  /** The grant that was found for the digest, and the tokens that it was looked up in. */
  private record Found(@Nullable Tokens tokens, @Nullable Grant grant) {}

  private Admission(@Nullable TokenFile file, byte[] digest, Found found) {
    this.file = file;
    this.digest = digest;
    this.found = found;
  }

  static Admission of(TokenFile file, byte[] digest, Tokens tokens, Grant grant) {
    return new Admission(file, digest, new Found(tokens, grant));
  }

  /** Returns rights that are independent of a file, and never change. */
  public static Admission of(Grant grant) {
    return new Admission(null, new byte[0], new Found(null, grant));
  }

  /** Returns the current rights, or null if there are none any more. */
  public @Nullable Grant grant() {
    Found last = found;
    if (file != null) {
      Tokens current = file.current();
      if (current != last.tokens()) {
        last = new Found(current, current.find(null, digest));
        found = last;
      }
    }
    return last.grant();
  }
}
