package io.kvstore.server.http.message;

import java.util.Locale;
import java.util.Set;

/**
 * The media type of a value, in the syntax of RFC 9110, §8.3.1: {@code text/html; charset=utf-8}.
 * Only valid ones are stored or sent: visible ASCII with spaces and tabs, which can't end a header
 * field.
 */
public final class MediaType {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  private static final Set<String> SAYING_NOTHING =
      Set.of("application/x-www-form-urlencoded", "text/plain", "application/octet-stream", "*/*");

  private static final Set<String> TEXTS_BY_ANOTHER_NAME =
      Set.of("application/xml", "application/javascript", "application/x-ndjson");

  private MediaType() {}

  public static boolean isValid(String text) {
    int slash = tokenEnd(text, 0);
    if (slash == 0 || slash == text.length() || text.charAt(slash) != '/') {
      return false;
    }
    int end = tokenEnd(text, slash + 1);
    return end > slash + 1 && areParameters(text, end);
  }

  /** Returns the type without parameters, in lower case. */
  public static String essence(String text) {
    int semicolon = text.indexOf(';');
    return (semicolon < 0 ? text : text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a body of this type may be JSON; so may one of curl's default type, which says nothing.
   */
  public static boolean mayBeJson(String text) {
    String essence = essence(text);
    return isJson(essence) || SAYING_NOTHING.contains(essence);
  }

  /** Whether the type is text, which compresses well. */
  public static boolean isText(String text) {
    String essence = essence(text);
    return essence.startsWith("text/")
        || isJson(essence)
        || essence.endsWith("+xml")
        || TEXTS_BY_ANOTHER_NAME.contains(essence);
  }

  private static boolean isJson(String essence) {
    return essence.equals("application/json") || essence.endsWith("+json");
  }

  private static boolean areParameters(String text, int start) {
    int at = start;
    while (at < text.length()) {
      at = spacesEnd(text, at);
      if (at == text.length() || text.charAt(at) != ';') {
        return false;
      }
      at = spacesEnd(text, at + 1);
      int nameEnd = tokenEnd(text, at);
      if (nameEnd > at) {
        if (nameEnd == text.length() || text.charAt(nameEnd) != '=') {
          return false;
        }
        at = valueEnd(text, nameEnd + 1);
        if (at == nameEnd + 1) {
          return false;
        }
      }
    }
    return true;
  }

  /** Returns the end of a value, or {@code start} if there is none. */
  private static int valueEnd(String text, int start) {
    if (start == text.length() || text.charAt(start) != '"') {
      return tokenEnd(text, start);
    }
    for (int at = start + 1; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\') {
        at++;
      }
      if (at == text.length() || !isPrintable(text.charAt(at))) {
        return start;
      }
    }
    return start;
  }

  private static boolean isPrintable(char c) {
    return (c >= ' ' && c <= '~') || c == '\t';
  }

  private static int spacesEnd(String text, int start) {
    int at = start;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static int tokenEnd(String text, int start) {
    int at = start;
    while (at < text.length() && isTokenChar(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isTokenChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_SIGNS.indexOf(c) >= 0;
  }
}
