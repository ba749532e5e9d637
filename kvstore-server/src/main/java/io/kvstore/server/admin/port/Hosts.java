package io.kvstore.server.admin.port;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks the Host header field of requests to the management port, against DNS rebinding: a web
 * page can have its own host name resolve to our address, but its requests then carry that name. IP
 * addresses and {@code localhost} can't be rebound.
 */
final class Hosts {
  private static final String LOCALHOST = "localhost";

  private final boolean loopbackOnly;

  Hosts(InetAddress bound) {
    this.loopbackOnly = bound.isLoopbackAddress();
  }

  /**
   * Whether a request with this Host is accepted.
   *
   * @param host the field's value, with or without a port
   * @param anyName whether every host name is accepted, because the path reveals so little that
   *     monitoring systems, which have their own names for this host, may use it
   */
  boolean accepts(@Nullable String host, boolean anyName) {
    if (host == null) {
      return false;
    }
    if (anyName && !loopbackOnly) {
      return true;
    }
    String name = withoutPort(host.toLowerCase(Locale.ROOT));
    if (name.equals(LOCALHOST) || name.endsWith("." + LOCALHOST)) {
      return true;
    }
    byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
    return address != null && (!loopbackOnly || isLoopback(address));
  }

  private static boolean isLoopback(byte[] address) {
    if (address.length == 4) {
      return address[0] == 127;
    }
    for (int i = 0; i < address.length - 1; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return address[address.length - 1] == 1;
  }

  private static String withoutPort(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? host : host.substring(1, end);
    }
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }
}
