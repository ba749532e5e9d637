package io.kvstore.server.admin.port;

import io.kvstore.server.http.message.Hosts;
import java.net.InetAddress;

/**
 * The access to the management port.
 *
 * @param bound the address of the port; on loopback, requests may name no other address
 * @param hosts the hosts that requests may name
 */
public record ManagementAccess(InetAddress bound, Hosts hosts, Authorizer authorizer) {
  /**
   * Whether a request with this Host is accepted.
   *
   * @param anyName whether every host name is accepted, because the path reveals so little that
   *     monitoring systems, which have their own names for this host, may use it
   */
  boolean accepts(String host, boolean anyName) {
    return bound.isLoopbackAddress() ? hosts.acceptsLocally(host) : anyName || hosts.accepts(host);
  }
}
