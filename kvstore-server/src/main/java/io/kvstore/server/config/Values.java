package io.kvstore.server.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of the settings: a flag wins over an environment variable, that over a line of the
 * file, and that over the default. An empty variable counts as unset.
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
   * A text, and where it came from.
   *
   * @param name what the setting is called there
   * @param origin the place, for a list of all settings
   */
  record Value(String name, String origin, String text) {
    IllegalArgumentException invalid(String wanted) {
      return new IllegalArgumentException(name + " is '" + text + "', not " + wanted);
    }
  }

  /** Returns what a setting is set to, as it was written. */
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
   * Returns what a setting is set to that always has a value.
   *
   * @throws IllegalArgumentException if the text is nothing that it can be set to
   */
  <T> T get(Setting<T> setting) {
    Value value = of(setting);
    T read = setting.type().reader().read(value.text());
    if (read == null) {
      throw value.invalid(setting.type().wanted());
    }
    return read;
  }

  /** Returns the same of a setting that may have no value, or null. */
  <T> @Nullable T find(Setting<T> setting) {
    return isSet(setting) ? get(setting) : null;
  }

  boolean isSet(Setting<?> setting) {
    return !of(setting).text().isEmpty();
  }

  /** Tells whether somebody has said what a setting is set to. */
  boolean isGiven(Setting<?> setting) {
    return !of(setting).origin().equals(DEFAULT);
  }

  /**
   * Refuses a setting that is set although another, which it is for, is not.
   *
   * @throws IllegalArgumentException if so
   */
  void checkUse(Setting<?> setting, Setting<?> needed) {
    if (isSet(setting) && !isSet(needed)) {
      throw of(setting).invalid("of use without " + needed.flag());
    }
  }
}
