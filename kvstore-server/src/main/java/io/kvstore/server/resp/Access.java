package io.kvstore.server.resp;

import org.jspecify.annotations.Nullable;

/** Who may come in: asked with what a client says of itself. Safe for use by any thread. */
public interface Access {
  /** Everybody may. */
  Access OPEN =
      new Access() {
        @Override
        public boolean isRequired() {
          return false;
        }

        @Override
        public boolean admits(@Nullable String user, byte[] secret) {
          return user == null || user.equals(DEFAULT_USER);
        }
      };

  /** Who a client is that gives no name. */
  String DEFAULT_USER = "default";

  /** Tells whether a client has to say who it is. */
  boolean isRequired();

  /** Tells whether a client may come in. */
  boolean admits(@Nullable String user, byte[] secret);

  /** Lets in who knows the password, under the name {@link #DEFAULT_USER}. */
  static Access password(byte[] password) {
    return new Password(password);
  }
}
