package io.kvstore.ownership;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The holder of a directory, as named by the text of its files {@code lock} and {@code owner}: the
 * process, the directory that it has opened, and a random token of this opening.
 *
 * @param line the description for humans
 * @param identity see {@link ProcessIdentity}
 * @param directory the identity of the directory: the text in a copy names another one
 */
record Holder(long pid, String line, String identity, String directory, String token) {
  /** The maximum size of a text. */
  static final int MAX_BYTES = 4096;

  private static final int MAX_DIRECTORY_CHARS = 400;

  /** The lazily created pattern: after a clean close there is no text to parse. */
  private static final class Text {
    static final Pattern PATTERN =
        Pattern.compile(
            "(process (\\d{1,18}) .*)\\nidentity (.*)\\ndirectory (.*)\\ntoken ([0-9a-f]{16})\\n");
  }

  /** Returns this process as the holder of a directory, with a token of its own. */
  static Holder self(String directory) {
    long pid = ProcessIdentity.pid();
    // In the format of an Instant, without loading the classes of its formatter.
    LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
    String line = "process " + pid + " on " + ProcessIdentity.host() + " since " + now + 'Z';
    return new Holder(
        pid,
        line,
        ProcessIdentity.self(),
        directory.substring(0, Math.min(directory.length(), MAX_DIRECTORY_CHARS)),
        HexFormat.of().toHexDigits(new SplittableRandom().nextLong()));
  }

  /** Parses a text; returns null if it was not written by an opening of this version. */
  static @Nullable Holder parse(String text) {
    if (text.isBlank()) {
      return null;
    }
    Matcher matcher = Text.PATTERN.matcher(text);
    return matcher.matches()
        ? new Holder(
            Long.parseLong(matcher.group(2)),
            matcher.group(1),
            matcher.group(3),
            matcher.group(4),
            matcher.group(5))
        : null;
  }

  String text() {
    return line + "\nidentity " + identity + "\ndirectory " + directory + "\ntoken " + token + "\n";
  }

  /**
   * Returns whether another process is certainly alive that has the same directory open. Openings
   * of this process are known without a text, and nothing is known about processes on other
   * machines.
   */
  boolean isAliveElsewhere(Holder here) {
    return pid != here.pid
        && directory.equals(here.directory)
        && identity.equals(ProcessIdentity.of(pid));
  }
}
