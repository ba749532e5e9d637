package io.kvstore.server.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of the settings. Flags take precedence over environment variables, these over lines of
 * the file, and these over defaults. An empty variable counts as unset.
 */
final class Values {
  private static final String DEFAULT = "default";

  private final Map<String, String> flags;
  private final Map<String, String> environment;
  private final ConfigFile file;

  Values(Map<String, String> flags, Map<String, String> environment, ConfigFile file) {
    this.flags = flags;
    this.environment = environment;
    this.file = file;
  }

  /**
   * A value as text, and its origin.
   *
   * @param name the name of the setting at its origin
   * @param origin the origin, for a list of all settings
   */
  record Value(String name, String origin, String text) {
    IllegalArgumentException invalid(String wanted) {
      return new IllegalArgumentException(name + " is '" + text + "', not " + wanted);
    }
  }

  /** Returns the value of a setting, as text. */
  Value of(Setting<?> setting) {
    String flag = flags.get(setting.name());
    if (flag != null) {
      return new Value(setting.flag(), setting.flag(), flag);
    }
    String variable = environment.get(setting.variable());
    if (variable != null && !variable.isEmpty()) {
      return new Value(setting.variable(), setting.variable(), variable);
    }
    ConfigFile.Line line = file.line(setting.name());
    return line == null
        ? new Value(setting.flag(), DEFAULT, setting.defaultText())
        : new Value(setting.name() + " in " + line.origin(), line.origin(), line.value());
  }

  /**
   * Returns the value of a setting that is required or has a default.
   *
   * @throws IllegalArgumentException if the text is not valid
   */
  <T> T get(Setting<T> setting) {
    Value value = of(setting);
    T read = setting.type().reader().read(value.text());
    if (read == null) {
      throw value.invalid(setting.type().wanted());
    }
    return read;
  }

  /** Returns the value of an optional setting, or null. */
  <T> @Nullable T find(Setting<T> setting) {
    return isSet(setting) ? get(setting) : null;
  }

  boolean isSet(Setting<?> setting) {
    return !of(setting).text().isEmpty();
  }

  /** Whether a setting is set, other than by its default. */
  boolean isGiven(Setting<?> setting) {
    return !of(setting).origin().equals(DEFAULT);
  }

  /**
   * Rejects a setting that has no effect because another is not set.
   *
   * @throws IllegalArgumentException if so
   */
  void checkUse(Setting<?> setting, Setting<?> needed) {
    if (isSet(setting) && !isSet(needed)) {
      throw of(setting).invalid("used without " + needed.flag());
    }
  }
}
