package io.kvstore.server.config;

import io.kvstore.server.accesslog.AccessLogFormat;
import io.kvstore.server.config.Setting.Section;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the access log.
 *
 * @param file the file to append to, or null for the standard output
 */
public record AccessLogConfig(AccessLogFormat format, @Nullable Path file) {
  private static final Setting<AccessLogFormat> FORMAT =
      Setting.of("access-log", "<format>", SettingType.oneOf(AccessLogFormat.class))
          .byDefault("off")
          .helped(
              "Format of the access log, with a line for each answered HTTP request. combined: as"
                  + " of Apache and nginx, in UTC. json: an object, with the latency. Keys are"
                  + " in it.");

  private static final Setting<Path> FILE =
      Setting.of("access-log-file", "<file>", SettingType.file())
          .byDefault("", "the standard output")
          .helped("File to append the access log to. It may be moved away at any time.");

  static final Section SECTION = new Section("Access log", List.of(FORMAT, FILE));

  static @Nullable AccessLogConfig of(Values values) {
    AccessLogFormat format = values.get(FORMAT);
    if (format != AccessLogFormat.OFF) {
      return new AccessLogConfig(format, values.find(FILE));
    }
    if (values.isSet(FILE)) {
      throw values.of(FILE).invalid("used while " + FORMAT.flag() + " is off");
    }
    return null;
  }
}
