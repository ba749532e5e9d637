package io.kvstore.server.http.message;

import io.netty.util.NetUtil;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The host names that the server answers to, against DNS rebinding: a web page can have its own
 * host name resolve to our address, but its requests then carry that name in Host. IP addresses and
 * {@code localhost} can't be rebound, and a request without Host is not from a browser.
 */
public final class Hosts {
  private static final String LOCALHOST = "localhost";
  private static final int MAX_PORT_DIGITS = 5;

  private final Set<String> names;

  private Hosts(Set<String> names) {
    this.names = names;
  }

  /**
   * Returns hosts with further names, which are accepted in addition to addresses and {@code
   * localhost}.
   */
  public static Hosts of(Collection<String> names) {
    return new Hosts(names.stream().map(Hosts::canonical).collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Whether a request with this Host is accepted: an address, {@code localhost} or a name below it,
   * or one of the further names.
   *
   * @param host the field's value, with or without a port
   */
  public boolean accepts(String host) {
    return accepts(host, false);
  }

  /** As {@link #accepts(String)}, but of the addresses only those of the loopback interface. */
  public boolean acceptsLocally(String host) {
    return accepts(host, true);
  }

  private boolean accepts(String host, boolean loopbackOnly) {
    if (host.isEmpty()) {
      return true;
    }
    int end = nameEnd(host);
    if (end < 0) {
      return false;
    }
    String name = canonical(host.substring(0, end));
    if (name.equals(LOCALHOST) || name.endsWith('.' + LOCALHOST) || names.contains(name)) {
      return true;
    }
    byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
    return address != null
        && (address.length > 4) == (host.charAt(0) == '[')
        && (!loopbackOnly || isLoopback(address));
  }

  /** Returns the index after the name, where only a port may follow; -1 if something else does. */
  private static int nameEnd(String host) {
    int bracket = host.charAt(0) == '[' ? host.indexOf(']') : 0;
    int colon = host.indexOf(':', bracket);
    int end = colon < 0 ? host.length() : colon;
    boolean isName = bracket == 0 ? end > 0 : bracket > 0 && end == bracket + 1;
    boolean isPort =
        host.length() - end <= 1 + MAX_PORT_DIGITS
            && host.chars().skip(end + 1L).allMatch(c -> c >= '0' && c <= '9');
    return isName && isPort ? end : -1;
  }

  /** Returns a name in lower case and without the dot of the root. */
  private static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
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
}
