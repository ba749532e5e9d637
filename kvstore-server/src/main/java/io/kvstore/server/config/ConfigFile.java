package io.kvstore.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file: lines {@code name = value} in UTF-8, with the names of the flags. Blank
 * lines, and lines that begin with {@code #}, are ignored.
 */
final class ConfigFile {
  /** The configuration if there is no file. */
  static final ConfigFile NONE = new ConfigFile(Map.of());

  private static final int MAX_BYTES = 1 << 20;

  /** Some editors put it before the first line. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Map<String, Line> lines;

  private ConfigFile(Map<String, Line> lines) {
    this.lines = lines;
  }

  /**
   * The value of a line.
   *
   * @param origin the number of the line, and its file
   */
  public record Line(String origin, String value) {}

  /**
   * Reads a file.
   *
   * @param known the names of the settings
   * @throws IllegalArgumentException if the file can't be read, or a line is malformed, has an
   *     unknown name or repeats another; the message names file and line
   */
  static ConfigFile read(Path path, Set<String> known) {
    Map<String, Line> lines = new HashMap<>();
    int number = 0;
    for (String text : text(path)) {
      number++;
      String line = text.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String origin = "line " + number + " of " + path;
      int sign = line.indexOf('=');
      if (sign <= 0) {
        throw new IllegalArgumentException(origin + " is '" + line + "', not 'name = value'");
      }
      String name = line.substring(0, sign).strip();
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            origin + " sets '" + name + "', which is not a setting" + Suggestion.of(name, known));
      }
      Line earlier = lines.put(name, new Line(origin, line.substring(sign + 1).strip()));
      if (earlier != null) {
        throw new IllegalArgumentException(
            origin + " sets '" + name + "', as " + earlier.origin() + " does");
      }
    }
    return new ConfigFile(lines);
  }

  private static List<String> text(Path path) {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new IllegalArgumentException(
            path + " has more than the limit of " + MAX_BYTES + " bytes for a configuration file");
      }
      List<String> lines = new ArrayList<>(Files.readAllLines(path));
      if (!lines.isEmpty() && lines.get(0).startsWith(BYTE_ORDER_MARK)) {
        lines.set(0, lines.get(0).substring(BYTE_ORDER_MARK.length()));
      }
      return lines;
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("no such file: " + path, e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(path + " is not text in UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("can't read " + path + ": " + e.getMessage(), e);
    }
  }

  /** Returns the line of a setting, or null. */
  @Nullable Line line(String name) {
    return lines.get(name);
  }
}
