package io.kvstore.server.resp.session;

import io.kvstore.server.auth.Admission;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Authentication by one shared password. */
final class Password implements Authentication {
  private final byte[] password;

  Password(byte[] password) {
    this.password = password.clone();
  }

  @Override
  public boolean isRequired() {
    return true;
  }

  /** Takes as long for a wrong password as for the right one. */
  @Override
  public @Nullable Admission admit(String user, byte[] secret) {
    boolean isRight = MessageDigest.isEqual(password, secret);
    return isRight && user.equals(DEFAULT_USER) ? EVERYTHING : null;
  }
}
