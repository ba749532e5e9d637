package io.kvstore.server.config;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The check that every environment variable with our prefix is one of a setting. */
final class Variables {
  static final String PREFIX = "KVSTORE_";

  /**
   * Variables that Kubernetes sets in every container for a service whose name begins with
   * "kvstore". KVSTORE_PORT is one of them; its value is not a port and is rejected.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "KVSTORE_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_\\w+)?)?)");

  private Variables() {}

  /**
   * Rejects unknown variables with our prefix, which are probably misspelt.
   *
   * @throws IllegalArgumentException if there is one; the message names it
   */
  static void check(Map<String, String> environment, Set<String> known) {
    for (String name : environment.keySet().stream().sorted().toList()) {
      boolean isOurs = name.startsWith(PREFIX) && !known.contains(name);
      if (isOurs && !SERVICE_LINK.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "the environment variable "
                + name
                + " is not one of a setting"
                + Suggestion.of(name, known));
      }
    }
  }
}
