package io.kvstore.server.http.message;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/** The preference of a client, by the weights in an Accept or Accept-Encoding. */
public final class Preference {
  /** The weight of names that a field does not contain. */
  public static final double UNNAMED = -1;

  private Preference() {}

  /**
   * Returns the highest weight that a field gives to any of these names: from 0, not acceptable, to
   * 1; or {@link #UNNAMED}. Other parameters are ignored.
   */
  public static double weight(HttpHeaders headers, AsciiString field, String... names) {
    double highest = UNNAMED;
    if (headers.contains(field)) {
      for (String line : headers.getAll(field)) {
        for (String member : line.split(",", -1)) {
          String[] parts = member.split(";", -1);
          for (String name : names) {
            if (parts[0].strip().equalsIgnoreCase(name)) {
              highest = Math.max(highest, weight(parts));
            }
          }
        }
      }
    }
    return highest;
  }

  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].strip();
      if (part.startsWith("q=") || part.startsWith("Q=")) {
        String digits = part.substring(2);
        return digits.matches("[01](\\.[0-9]{0,3})?") ? Math.min(1, Double.parseDouble(digits)) : 0;
      }
    }
    return 1;
  }
}
