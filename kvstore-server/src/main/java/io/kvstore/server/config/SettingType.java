package io.kvstore.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The type of a setting, which parses its text.
 *
 * @param wanted the valid values, for "is 'x', not ..."
 */
record SettingType<T>(String wanted, Reader<T> reader) {
  /** The text for a value that fits the machine. */
  static final String AUTO = "auto";

  private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private static final Pattern BYTES = Pattern.compile("(\\d{1,19})(?i:([kmgt])ib)?");
  private static final String UNITS = "KMGT";

  /** Parses a text; returns null if it is not valid. */
  interface Reader<T> {
    @Nullable T read(String text);
  }

  /** Returns a type that also accepts {@link #AUTO}, for this value. */
  SettingType<T> orAuto(T auto) {
    return new SettingType<>(
        wanted + ", or " + AUTO, text -> text.equals(AUTO) ? auto : reader.read(text));
  }

  static SettingType<Integer> number(int min, int max) {
    return new SettingType<>(
        "a whole number from " + min + " to " + max, text -> number(text, min, max));
  }

  /** A number of bytes, which may exceed an int, with or without a unit. */
  static SettingType<Long> bytes(long min) {
    return new SettingType<>(
        "a whole number of " + min + " or more bytes, or one with KiB, MiB, GiB or TiB",
        text -> bytes(text, min, Long.MAX_VALUE));
  }

  /** A number of bytes, with or without a unit. */
  static SettingType<Integer> bytes(int min, int max) {
    return new SettingType<>(
        "a whole number of bytes from " + min + " to " + max + ", or one with KiB, MiB or GiB",
        text -> {
          Long bytes = bytes(text, min, max);
          return bytes == null ? null : bytes.intValue();
        });
  }

  /**
   * A duration.
   *
   * @param wanted the bounds in words, and examples
   */
  static SettingType<Duration> time(Duration min, Duration max, String wanted) {
    return new SettingType<>("a time " + wanted, text -> time(text, min, max));
  }

  static SettingType<Path> file() {
    return new SettingType<>("the path of a file", SettingType::path);
  }

  static SettingType<Path> directory() {
    return new SettingType<>("the path of a directory", SettingType::path);
  }

  static SettingType<InetAddress> address() {
    return new SettingType<>(
        "the name or address of an interface of this machine", SettingType::interfaceOf);
  }

  static SettingType<Boolean> yesOrNo() {
    return new SettingType<>("yes or no", SettingType::yesOrNo);
  }

  /**
   * A list with commas between its elements.
   *
   * @param element parses an element
   */
  static <T> SettingType<List<T>> listOf(String wanted, Reader<T> element) {
    return new SettingType<>(wanted, text -> list(text, element));
  }

  private static <T> @Nullable List<T> list(String text, Reader<T> element) {
    List<T> all = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      T read = element.read(part.strip());
      if (read == null) {
        return null;
      }
      all.add(read);
    }
    return List.copyOf(all);
  }

  private static @Nullable Boolean yesOrNo(String text) {
    return switch (text) {
      case "yes" -> true;
      case "no" -> false;
      default -> null;
    };
  }

  /** A constant of an enum, in lower case. */
  static <E extends Enum<E>> SettingType<E> oneOf(Class<E> type) {
    String names =
        Stream.of(type.getEnumConstants()).map(SettingType::name).collect(Collectors.joining(", "));
    return new SettingType<>("one of " + names, text -> constant(type, text));
  }

  private static <E extends Enum<E>> @Nullable E constant(Class<E> type, String text) {
    for (E constant : type.getEnumConstants()) {
      if (name(constant).equals(text.toLowerCase(Locale.ROOT))) {
        return constant;
      }
    }
    return null;
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Integer number(String text, int min, int max) {
    try {
      int number = Integer.parseInt(text);
      return number >= min && number <= max ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Long bytes(String text, long min, long max) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    try {
      String unit = matcher.group(2);
      int power = unit == null ? 0 : UNITS.indexOf(Character.toUpperCase(unit.charAt(0))) + 1;
      long bytes = Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
      return bytes >= min && bytes <= max ? bytes : null;
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  private static @Nullable Path path(String text) {
    try {
      return text.isEmpty() ? null : Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static @Nullable InetAddress interfaceOf(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static @Nullable Duration time(String text, Duration min, Duration max) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration time =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        };
    return time.compareTo(min) < 0 || time.compareTo(max) > 0 ? null : time;
  }
}
