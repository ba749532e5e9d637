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
 * The holder of a directory, as the text of its files {@code lock} and {@code owner} names it: the
 * process, the directory that it has opened, and a number drawn for this opening.
 *
 * @param line for people
 * @param identity see {@link ProcessIdentity}
 * @param directory what identifies the directory: the text of a copy names another one
 */
record Holder(long pid, String line, String identity, String directory, String token) {
  /** No text is longer. */
  static final int MAX_BYTES = 4096;

  private static final int MAX_DIRECTORY_CHARS = 400;

  /** Made when there is a text to read, which there is not after a clean close. */
  private static final class Text {
    static final Pattern PATTERN =
        Pattern.compile(
            "(process (\\d{1,18}) .*)\\nidentity (.*)\\ndirectory (.*)\\ntoken ([0-9a-f]{16})\\n");
  }

  /** Returns this process as the holder of a directory, with a token of its own. */
  static Holder self(String directory) {
    long pid = ProcessIdentity.pid();
    // As an Instant is written, without the classes that do so.
    LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
    String line = "process " + pid + " on " + ProcessIdentity.host() + " since " + now + 'Z';
    return new Holder(
        pid,
        line,
        ProcessIdentity.self(),
        directory.substring(0, Math.min(directory.length(), MAX_DIRECTORY_CHARS)),
        HexFormat.of().toHexDigits(new SplittableRandom().nextLong()));
  }

  /** Returns what a text says, or null if it is none that an opening of this version wrote. */
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
   * Tells whether a process other than this one is surely alive that has the same directory open.
   * What this process has open is known without a text, and of a process elsewhere nothing can be
   * known.
   */
  boolean isAliveElsewhere(Holder here) {
    return pid != here.pid
        && directory.equals(here.directory)
        && identity.equals(ProcessIdentity.of(pid));
  }
}
