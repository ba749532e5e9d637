package io.kvstore.server.resp.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Recognizes the start of an HTTP request among commands. A web page can send one to any port of
 * the user's machine, with commands in its body; so the connection must be closed before the body
 * is executed. No word of a valid command is affected.
 */
public final class HttpRequestLine {
  /** Words that begin a line of HTTP and are the name of no command. */
  private static final List<String> WORDS =
      List.of("POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "HOST:");

  /** The start of the third word of a request line, whatever its method. */
  private static final String VERSION = "http/";

  private static final int VERSION_INDEX = 2;

  private HttpRequestLine() {}

  /** Returns whether a command that can't be executed is a line of HTTP. */
  public static boolean is(Request command) {
    if (command.count() == 0) {
      return false;
    }
    for (String word : WORDS) {
      if (command.is(0, word)) {
        return true;
      }
    }
    return command.count() > VERSION_INDEX
        && new String(command.bytes(VERSION_INDEX), StandardCharsets.ISO_8859_1)
            .toLowerCase(Locale.ROOT)
            .startsWith(VERSION);
  }
}
