package io.kvstore.server.resp.protocol;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parser of inline commands: words separated by blanks, in double quotes with escapes ({@code
 * \n \r \t \b \a \xHH}), or in single quotes with {@code \'} alone.
 */
final class InlineWords {
  private final byte[] line;
  private final int end;
  private int at;

  private InlineWords(byte[] line, int from, int end) {
    this.line = line;
    this.at = from;
    this.end = end;
  }

  /** Returns the words, or null if a quote is not closed, or not followed by a blank. */
  static @Nullable List<byte[]> split(byte[] line, int from, int end) {
    InlineWords rest = new InlineWords(line, from, end);
    List<byte[]> words = new ArrayList<>();
    while (rest.skipBlanks()) {
      byte[] word = rest.word();
      if (word == null) {
        return null;
      }
      words.add(word);
    }
    return words;
  }

  private boolean skipBlanks() {
    while (at < end && isBlank(line[at])) {
      at++;
    }
    // As in C, a NUL byte ends the line.
    return at < end && line[at] != 0;
  }

  private byte @Nullable [] word() {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (at < end && line[at] != 0 && !isBlank(line[at])) {
      byte b = line[at++];
      boolean closed = true;
      if (b == '"') {
        closed = doubleQuoted(word);
      } else if (b == '\'') {
        closed = singleQuoted(word);
      } else {
        word.write(b);
      }
      if (!closed) {
        return null;
      }
      if ((b == '"' || b == '\'') && at < end) {
        return isBlank(line[at]) || line[at] == 0 ? word.toByteArray() : null;
      }
    }
    return word.toByteArray();
  }

  private boolean doubleQuoted(ByteArrayOutputStream word) {
    while (at < end) {
      byte b = line[at++];
      if (b == '"') {
        return true;
      }
      if (b == '\\' && isHexEscape()) {
        word.write(Character.digit(line[at + 1], 16) << 4 | Character.digit(line[at + 2], 16));
        at += 3;
      } else if (b == '\\' && at < end) {
        word.write(escaped(line[at++]));
      } else {
        word.write(b);
      }
    }
    return false;
  }

  private boolean isHexEscape() {
    return at + 2 < end
        && line[at] == 'x'
        && Character.digit(line[at + 1], 16) >= 0
        && Character.digit(line[at + 2], 16) >= 0;
  }

  private static int escaped(byte b) {
    return switch (b) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> b;
    };
  }

  private boolean singleQuoted(ByteArrayOutputStream word) {
    while (at < end) {
      byte b = line[at++];
      if (b == '\'') {
        return true;
      }
      if (b == '\\' && at < end && line[at] == '\'') {
        word.write(line[at++]);
      } else {
        word.write(b);
      }
    }
    return false;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }
}
