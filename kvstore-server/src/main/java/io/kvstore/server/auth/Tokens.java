package io.kvstore.server.auth;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tokens of a file. Looking one up takes as long for an invalid token as for a valid one. */
public final class Tokens {
  private static final int MAX_TOKENS = 1_000;
  private static final int MAX_BYTES = 1 << 20;

  private final List<Token> tokens;

  private Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  /**
   * Reads a file: a {@link Token} in each line; blank lines, and lines that begin with {@code #},
   * are ignored.
   *
   * @throws IOException if the file can't be read, contains no token or a malformed line, or
   *     repeats a name or token; the message names file and line, and no token
   */
  static Tokens read(Path file) throws IOException {
    List<Token> tokens = new ArrayList<>();
    Set<String> known = new HashSet<>();
    int number = 0;
    for (String text : lines(file)) {
      number++;
      String line = text.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        Token token = Token.parse(line);
        check(known.add(token.grant().name()), "has the name of an earlier line");
        check(
            known.add("sha256:" + HexFormat.of().formatHex(token.digest())),
            "has the token of an earlier line");
        check(tokens.size() < MAX_TOKENS, "exceeds the limit of " + MAX_TOKENS);
        tokens.add(token);
      } catch (IllegalArgumentException e) {
        throw new IOException("line " + number + " of " + file + " " + e.getMessage(), e);
      }
    }
    if (tokens.isEmpty()) {
      throw new IOException("no token in " + file);
    }
    return new Tokens(List.copyOf(tokens));
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static List<String> lines(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " has more than the limit of " + MAX_BYTES + " bytes");
    }
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is not text in UTF-8", e);
    }
  }

  /** Returns the rights of a token, or null if it is not valid. */
  @Nullable Grant find(byte[] secret) {
    return find(null, Token.digest(secret));
  }

  /**
   * Returns the rights of a token by its hash.
   *
   * @param name the required name of the token, or null for any
   */
  @Nullable Grant find(@Nullable String name, byte[] digest) {
    Grant found = null;
    for (Token token : tokens) {
      // All are compared, so that the time reveals nothing.
      boolean isNamed = name == null || token.grant().name().equals(name);
      boolean isEqual = MessageDigest.isEqual(token.digest(), digest);
      if (isEqual && isNamed) {
        found = token.grant();
      }
    }
    return found;
  }
}
