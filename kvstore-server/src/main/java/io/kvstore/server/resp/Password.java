package io.kvstore.server.resp;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** One password for everybody. */
final class Password implements Access {
  private final byte[] password;

  Password(byte[] password) {
    this.password = password.clone();
  }

  @Override
  public boolean isRequired() {
    return true;
  }

  /** Takes as long for a wrong password as for a right one. */
  @Override
  public boolean admits(@Nullable String user, byte[] secret) {
    boolean isKnownUser = user == null || user.equals(DEFAULT_USER);
    return MessageDigest.isEqual(password, secret) && isKnownUser;
  }
}
