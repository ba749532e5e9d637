package io.kvstore.server.config;

import java.util.List;
import java.util.Locale;

/**
 * A setting. Its flag, its environment variable, its line in a file, its help and its row in the
 * documentation all come from here.
 *
 * @param name of the flag, without dashes, and in a file
 * @param label what stands for the value in the help
 * @param defaultText the value if none is given; empty for none
 * @param defaultNote what else the help says of the default; empty for nothing
 * @param help in sentences
 */
public record Setting<T>(
    String name,
    String label,
    SettingType<T> type,
    String defaultText,
    String defaultNote,
    String help) {

  /** A setting that has no value unless it is given. */
  static <T> Setting<T> of(String name, String label, SettingType<T> type) {
    return new Setting<>(name, label, type, "", "none", "");
  }

  Setting<T> byDefault(String text) {
    return new Setting<>(name, label, type, text, "", help);
  }

  /** Likewise, and explains it. */
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

  /** Returns the default as the help says it. */
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

  /** Settings that belong together. */
  public record Section(String title, List<Setting<?>> settings) {}
}
