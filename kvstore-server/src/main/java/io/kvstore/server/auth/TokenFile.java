package io.kvstore.server.auth;

import io.kvstore.server.reload.FilePoller;
import io.kvstore.server.reload.Reloaded;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The token file, which is reloaded when it changes. Shared by all listeners; safe for use by any
 * thread.
 */
public final class TokenFile {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private static final String SCHEME = "Bearer ";

  private final Reloaded<Tokens> tokens;

  private TokenFile(Reloaded<Tokens> tokens) {
    this.tokens = tokens;
  }

  /**
   * Reads a file, and again whenever it changes; an invalid change is not taken over. Logs a
   * warning if every user of the machine may read it.
   *
   * @throws IOException if the file is not valid
   */
  public static TokenFile open(Path file, FilePoller poller) throws IOException {
    return new TokenFile(poller.read("token file", List.of(file), () -> read(file)));
  }

  private static Tokens read(Path file) throws IOException {
    Tokens read = Tokens.read(file);
    if (isOpenToAll(file)) {
      LOG.log(Level.WARNING, "Every user of this machine may read the tokens in {0}", file);
    }
    return read;
  }

  private static boolean isOpenToAll(Path file) throws IOException {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  /**
   * Returns the rights of a request, or null if it has no valid token.
   *
   * @param authorization the Authorization header field, or null
   */
  public @Nullable Grant bearer(@Nullable String authorization) {
    byte[] secret = secret(authorization);
    return secret == null ? null : tokens.current().find(secret);
  }

  /**
   * Authenticates a request, which may last.
   *
   * @param authorization the Authorization header field, or null
   * @return null if it has no valid token
   */
  public @Nullable Admission admit(@Nullable String authorization) {
    byte[] secret = secret(authorization);
    return secret == null ? null : admit(null, secret);
  }

  private static byte @Nullable [] secret(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    String token = authorization.substring(SCHEME.length()).strip();
    return token.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Authenticates a client that stays for longer than one request.
   *
   * @param name the required name of the token, or null for any
   * @return null if the token is not valid
   */
  public @Nullable Admission admit(@Nullable String name, byte[] secret) {
    byte[] digest = Token.digest(secret);
    Tokens asked = tokens.current();
    Grant grant = asked.find(name, digest);
    return grant == null ? null : Admission.of(this, digest, asked, grant);
  }

  Tokens current() {
    return tokens.current();
  }
}
