package io.kvstore.server.resp.session;

import io.kvstore.server.auth.Admission;
import io.kvstore.server.auth.Grant;
import io.kvstore.server.auth.TokenFile;
import org.jspecify.annotations.Nullable;

/** The authentication of clients by user name and secret. Safe for use by any thread. */
public interface Authentication {
  /** Who a client is that gives no name. */
  String DEFAULT_USER = "default";

  /** What a client may do that has nothing to prove, or has proved it: everything. */
  Admission EVERYTHING = Admission.of(Grant.all(DEFAULT_USER));

  /** Everybody may. */
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

  /** Tells whether a client has to say who it is. */
  boolean isRequired();

  /**
   * Returns what a client may do from now on, or null if it may not come in.
   *
   * @param user {@link #DEFAULT_USER} if it gives no name
   */
  @Nullable Admission admit(String user, byte[] secret);

  /** Lets in who knows the password, under the name {@link #DEFAULT_USER}. */
  static Authentication password(byte[] password) {
    return new Password(password);
  }

  /** Lets in who knows a token, under its name or {@link #DEFAULT_USER}. */
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

  /** Lets in who one of two lets in. */
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
