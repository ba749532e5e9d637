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

/** The token file, reloaded when it changes: every listener asks it. For any thread. */
public final class TokenFile {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private static final String SCHEME = "Bearer ";

  private final Reloaded<Tokens> tokens;

  private TokenFile(Reloaded<Tokens> tokens) {
    this.tokens = tokens;
  }

  /**
   * Reads a file, and again whenever it changes; a change that can't be used is not taken over.
   * Warns in the log if everybody on the machine may read it.
   *
   * @throws IOException if it can't be used
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
   * Returns what a request may do, or null if it has no token, or none of these.
   *
   * @param authorization the value of its field of that name, or null
   */
  public @Nullable Grant bearer(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    String token = authorization.substring(SCHEME.length()).strip();
    return tokens.current().find(token.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * Lets somebody in who stays for longer than one request.
   *
   * @param name which the token has to have, or null if any will do
   * @return null if the token is none of these
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
