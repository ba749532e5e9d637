package io.kvstore.server.config;

import io.kvstore.server.config.Setting.Section;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the management port.
 *
 * @param port 0 for any free port
 * @param isAskedFor whether the port is set explicitly, so that the server must not start without
 *     it; the default port is left out if another process has bound it
 */
public record ManagementConfig(int port, InetAddress bind, boolean isAskedFor) {
  private static final int NO_PORT = -1;

  private static final Setting<Integer> PORT =
      Setting.of("management-port", "<port>", portOrOff())
          .byDefault("3001", "or off if another process uses that port")
          .helped("Port for health, metrics and the dashboard; 0 for any free port, off for none.");

  private static final Setting<InetAddress> BIND =
      Setting.of("management-bind", "<address>", SettingType.address())
          .byDefault("127.0.0.1", "this machine only")
          .helped("Address of the management port. Its clients can read and change everything.");

  static final Section SECTION = new Section("Management", List.of(PORT, BIND));

  private static SettingType<Integer> portOrOff() {
    SettingType<Integer> port = SettingType.number(0, ServerConfig.MAX_PORT);
    Set<String> off = Set.of("off", "-1");
    return new SettingType<>(
        port.wanted() + ", or off",
        text -> off.contains(text) ? Integer.valueOf(NO_PORT) : port.reader().read(text));
  }

  static @Nullable ManagementConfig of(Values values) {
    int port = values.get(PORT);
    InetAddress bind = values.get(BIND);
    return port == NO_PORT ? null : new ManagementConfig(port, bind, values.isGiven(PORT));
  }
}
