package io.kvstore.server.auth;

import org.jspecify.annotations.Nullable;

/**
 * The rights of an authenticated client, for as long as its token is valid: a token that is taken
 * out of the file is worth nothing from then on, and one that is changed is what it has become. For
 * any thread.
 */
public final class Admission {
  private final @Nullable TokenFile file;
  private final byte[] digest;
  private volatile Found found;

  /** What the digest stood for, and in which tokens. */
  private record Found(@Nullable Tokens tokens, @Nullable Grant grant) {}

  private Admission(@Nullable TokenFile file, byte[] digest, Found found) {
    this.file = file;
    this.digest = digest;
    this.found = found;
  }

  static Admission of(TokenFile file, byte[] digest, Tokens tokens, Grant grant) {
    return new Admission(file, digest, new Found(tokens, grant));
  }

  /** One that is not from a file, and stays. */
  public static Admission of(Grant grant) {
    return new Admission(null, new byte[0], new Found(null, grant));
  }

  /** Returns what may be done now, or null for nothing any more. */
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
