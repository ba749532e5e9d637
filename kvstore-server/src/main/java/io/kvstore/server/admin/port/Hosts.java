package io.kvstore.server.admin.port;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks the Host field of a request to the management port. A page from elsewhere can have its own
 * name resolved to our address and then ask us as if we were it; what it can't change is that the
 * request says its name. Addresses are nobody's to resolve, and {@code localhost} is ours.
 */
final class Hosts {
  private static final String LOCALHOST = "localhost";

  private final boolean loopbackOnly;

  Hosts(InetAddress bound) {
    this.loopbackOnly = bound.isLoopbackAddress();
  }

  /**
   * Tells whether a request may come under this name.
   *
   * @param host of the request, with or without a port
   * @param anyName whether the path gives away so little that machines, which have names of their
   *     own for us, may ask under any of them
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
