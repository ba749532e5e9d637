package io.kvstore.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A token, as a line of the token file defines it: a name, {@code ro} or {@code rw}, the token
 * itself or {@code sha256:} with its hash in hexadecimal digits, and the prefixes of the keys.
 *
 * @param digest the SHA-256 of the token, which must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Token(Grant grant, byte[] digest) {
  static final int MIN_CHARS = 16;
  static final int MAX_CHARS = 512;

  private static final String DIGEST = "sha256:";
  private static final String EVERY_KEY = "*";
  private static final int DIGEST_DIGITS = 64;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** The syntax of a bearer token. */
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  /**
   * Parses a line.
   *
   * @throws IllegalArgumentException if it is malformed; the message does not repeat the token
   */
  static Token parse(String line) {
    String[] words = line.split("[ \t]+", -1);
    if (words.length < 4) {
      throw new IllegalArgumentException("is not 'name ro|rw token prefix ...'");
    }
    if (!NAME.matcher(words[0]).matches()) {
      throw new IllegalArgumentException(
          "has a name that is not up to 64 letters, digits, dots, dashes and underscores");
    }
    boolean writes =
        switch (words[1]) {
          case "ro" -> false;
          case "rw" -> true;
          default -> throw new IllegalArgumentException("has neither ro nor rw as its second word");
        };
    byte[] digest = digestOf(words[2]);
    List<byte[]> prefixes = new ArrayList<>();
    for (int i = 3; i < words.length; i++) {
      prefixes.add(prefix(words[i]));
    }
    return new Token(new Grant(words[0], writes, prefixes), digest);
  }

  private static byte[] digestOf(String word) {
    if (word.startsWith(DIGEST)) {
      String digits = word.substring(DIGEST.length()).toLowerCase(Locale.ROOT);
      if (digits.length() != DIGEST_DIGITS || !digits.matches("[0-9a-f]*")) {
        throw new IllegalArgumentException("has a sha256: without 64 hexadecimal digits behind it");
      }
      return HexFormat.of().parseHex(digits);
    }
    if (word.length() < MIN_CHARS || word.length() > MAX_CHARS || !SECRET.matcher(word).matches()) {
      throw new IllegalArgumentException(
          "has a token that is not "
              + MIN_CHARS
              + " to "
              + MAX_CHARS
              + " letters, digits and any of -._~+/, optionally with = at the end");
    }
    return digest(word.getBytes(StandardCharsets.US_ASCII));
  }

  /** Decodes a prefix, which is percent-encoded as in a path. */
  private static byte[] prefix(String word) {
    if (word.equals(EVERY_KEY)) {
      return new byte[0];
    }
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    byte[] prefix = new byte[bytes.length];
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        prefix[length++] = bytes[i];
      } else if (i + 2 < bytes.length
          && HexFormat.isHexDigit(bytes[i + 1])
          && HexFormat.isHexDigit(bytes[i + 2])) {
        int high = HexFormat.fromHexDigit(bytes[i + 1]);
        prefix[length++] = (byte) (high << 4 | HexFormat.fromHexDigit(bytes[i + 2]));
        i += 2;
      } else {
        throw new IllegalArgumentException("has a % without two hexadecimal digits behind it");
      }
    }
    return Arrays.copyOf(prefix, length);
  }

  static byte[] digest(byte[] secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
