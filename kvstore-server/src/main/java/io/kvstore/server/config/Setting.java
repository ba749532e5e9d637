package io.kvstore.server.config;

import java.util.List;
import java.util.Locale;

/**
 * The definition of a setting: its flag, its environment variable, its line in a file, its help and
 * its row in the documentation.
 *
 * @param name the name of the flag, without dashes, and in a file
 * @param label the placeholder for the value in the help
 * @param defaultText the default value; empty for none
 * @param defaultNote an explanation of the default in the help; empty for none
 * @param help one or more sentences
 */
public record Setting<T>(
    String name,
    String label,
    SettingType<T> type,
    String defaultText,
    String defaultNote,
    String help) {

  /** Defines a setting without a default. */
  static <T> Setting<T> of(String name, String label, SettingType<T> type) {
    return new Setting<>(name, label, type, "", "none", "");
  }

  Setting<T> byDefault(String text) {
    return new Setting<>(name, label, type, text, "", help);
  }

  /** Adds a default and its explanation. */
  Setting<T> byDefault(String text, String note) {
    return new Setting<>(name, label, type, text, note, help);
  }

  Setting<T> helped(String sentences) {
    return new Setting<>(name, label, type, defaultText, defaultNote, sentences);
  }

  public String flag() {
    return "--" + name;
  }

  public String variable() {
    return "KVSTORE_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Returns the default as the help shows it. */
  public String shownDefault() {
    if (defaultText.isEmpty()) {
      return defaultNote;
    }
    return defaultNote.isEmpty() ? defaultText : defaultText + " (" + defaultNote + ")";
  }

  /** Returns the row of the table in the documentation. */
  public String row() {
    return "| `" + flag() + "` | " + shownDefault() + " | " + help.replace("|", "\\|") + " |";
  }

  /** A section of the help. */
  public record Section(String title, List<Setting<?>> settings) {}
}
