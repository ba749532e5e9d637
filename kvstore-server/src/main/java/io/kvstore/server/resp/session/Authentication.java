package io.kvstore.server.resp.session;

import io.kvstore.server.auth.Admission;
import io.kvstore.server.auth.Grant;
import io.kvstore.server.auth.TokenFile;
import org.jspecify.annotations.Nullable;

/** The authentication of clients by user name and secret. Safe for use by any thread. */
public interface Authentication {
  /** The name of a client that gives none. */
  String DEFAULT_USER = "default";

  /** The rights of a client if no authentication is required, or with the password: all. */
  Admission EVERYTHING = Admission.of(Grant.all(DEFAULT_USER));

  /** No authentication: every client has all rights. */
  Authentication OPEN =
      new Authentication() {
        @Override
        public boolean isRequired() {
          return false;
        }

        @Override
        public @Nullable Admission admit(String user, byte[] secret) {
          return user.equals(DEFAULT_USER) ? EVERYTHING : null;
        }
      };

  /** Whether clients must authenticate. */
  boolean isRequired();

  /**
   * Returns the rights of a client from now on, or null if the authentication fails.
   *
   * @param user the user name; {@link #DEFAULT_USER} if the client gives none
   */
  @Nullable Admission admit(String user, byte[] secret);

  /** Returns authentication by one password, under the name {@link #DEFAULT_USER}. */
  static Authentication password(byte[] password) {
    return new Password(password);
  }

  /** Returns authentication by token, under the token's name or {@link #DEFAULT_USER}. */
  static Authentication tokens(TokenFile file) {
    return new Authentication() {
      @Override
      public boolean isRequired() {
        return true;
      }

      @Override
      public @Nullable Admission admit(String user, byte[] secret) {
        return file.admit(user.equals(DEFAULT_USER) ? null : user, secret);
      }
    };
  }

  /** Returns authentication by either of two. */
  static Authentication either(Authentication first, Authentication second) {
    return new Authentication() {
      @Override
      public boolean isRequired() {
        return first.isRequired() && second.isRequired();
      }

      @Override
      public @Nullable Admission admit(String user, byte[] secret) {
        Admission byFirst = first.admit(user, secret);
        Admission bySecond = second.admit(user, secret);
        return byFirst == null ? bySecond : byFirst;
      }
    };
  }
}
