package io.kvstore.server.config;

import io.kvstore.server.config.Setting.Section;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings for requests of web pages.
 *
 * @param allowedHosts the names that clients may reach the server by
 * @param allowedOrigins the origins whose pages may use the server, as browsers write them
 */
public record BrowserConfig(List<String> allowedHosts, List<String> allowedOrigins) {
  private static final Pattern NAME =
      Pattern.compile(
          "(?i)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\\.?");

  private static final Pattern ORIGIN =
      Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?");

  private static final Setting<List<String>> ALLOWED_HOSTS =
      Setting.of(
              "allowed-hosts",
              "<names>",
              SettingType.listOf(
                  "host names without ports, with commas between", BrowserConfig::name))
          .byDefault("", "IP addresses and localhost")
          .helped(
              "Host names, with commas between, by which clients reach this server, such as"
                  + " kv.example. Without tokens, requests to the HTTP port under other names are"
                  + " rejected (421), because a web page can have its own name resolve to this"
                  + " server. They apply to the management port, too.");

  private static final Setting<List<String>> ALLOWED_ORIGINS =
      Setting.of(
              "allowed-origins",
              "<origins>",
              SettingType.listOf(
                  "origins like https://app.example, with commas between", BrowserConfig::origin))
          .helped(
              "Origins, with commas between, whose web pages may use the HTTP port (CORS), such as"
                  + " https://app.example. Pages of other origins are rejected (403).");

  static final Section SECTION = new Section("Browsers", List.of(ALLOWED_HOSTS, ALLOWED_ORIGINS));

  static BrowserConfig of(Values values) {
    return new BrowserConfig(list(values, ALLOWED_HOSTS), list(values, ALLOWED_ORIGINS));
  }

  private static List<String> list(Values values, Setting<List<String>> setting) {
    List<String> found = values.find(setting);
    return found == null ? List.of() : found;
  }

  private static @Nullable String name(String text) {
    return NAME.matcher(text).matches() ? text : null;
  }

  /** Returns an origin as a browser writes it: in lower case, and without the usual port. */
  private static @Nullable String origin(String text) {
    String origin = text.toLowerCase(Locale.ROOT);
    if (!ORIGIN.matcher(origin).matches()) {
      return null;
    }
    String usualPort =
        origin.startsWith("https:") ? ":443" : origin.startsWith("http:") ? ":80" : "";
    return !usualPort.isEmpty() && origin.endsWith(usualPort)
        ? origin.substring(0, origin.length() - usualPort.length())
        : origin;
  }
}
