package io.kvstore.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The subjects of a report: which are ours, the baseline of each, and its fixed colour. */
final class Subjects {
  /** The colours of Okabe and Ito, which the colour-blind tell apart: this one is ours alone. */
  static final Color OURS = new Color(0xD55E00);

  private static final String LIBRARY = "kvstore";
  private static final String HTTP = "kvstore HTTP";
  private static final String RESP = "kvstore RESP";
  private static final Set<String> SPEAK_RESP = Set.of("Redis", "Valkey", "KeyDB", "Dragonfly");

  private static final Color BLUE = new Color(0x0072B2);
  private static final Color GREEN = new Color(0x009E73);
  private static final Color PURPLE = new Color(0xCC79A7);
  private static final Color ORANGE = new Color(0xE69F00);
  private static final Color SKY = new Color(0x56B4E9);
  private static final Color BLACK = new Color(0x222222);
  private static final Color GREY = new Color(0x8A8A8A);

  private static final Map<String, Color> COLOURS =
      Map.ofEntries(
          Map.entry("ConcurrentHashMap", BLACK),
          Map.entry("Caffeine", GREY),
          Map.entry("RocksDB", BLUE),
          Map.entry("LMDB", GREEN),
          Map.entry("Chronicle Map", PURPLE),
          Map.entry("MVStore", ORANGE),
          Map.entry("MapDB", SKY),
          Map.entry("Xodus", BLACK),
          Map.entry("Berkeley DB JE", GREY),
          Map.entry("nginx", GREEN),
          Map.entry("Redis", BLUE),
          Map.entry("Valkey", SKY));
  private static final List<Color> OTHERS = List.of(BLACK, GREY, PURPLE, ORANGE, SKY, GREEN, BLUE);

  private Subjects() {}

  static boolean isOurs(String subject) {
    return subject.equals(LIBRARY) || subject.startsWith(LIBRARY + " ");
  }

  /**
   * Returns whom among these the subject is compared with: the library, or our server behind the
   * same protocol. Null if there is none, or more than one candidate.
   */
  static @Nullable String base(String subject, Collection<String> among) {
    if (among.contains(LIBRARY)) {
      return LIBRARY;
    }
    String protocol = SPEAK_RESP.contains(subject) || subject.equals(RESP) ? RESP : HTTP;
    if (among.contains(protocol)) {
      return protocol;
    }
    List<String> ours = among.stream().filter(Subjects::isOurs).toList();
    return ours.size() == 1 ? ours.get(0) : null;
  }

  /** Returns the colour of the subject; one that is not known has one by its place in the list. */
  static Color colour(String subject, List<String> among) {
    if (isOurs(subject)) {
      return OURS;
    }
    Color known = COLOURS.get(subject);
    return known != null ? known : OTHERS.get(among.indexOf(subject) % OTHERS.size());
  }

  /** Returns the line of the subject: ours thick, and dashed where another has the colour. */
  static BasicStroke stroke(String subject, List<String> among) {
    Color colour = colour(subject, among);
    boolean taken =
        among.subList(0, among.indexOf(subject)).stream()
            .anyMatch(other -> colour(other, among).equals(colour));
    float width = isOurs(subject) ? 3.4f : 1.8f;
    float[] dashes = taken ? new float[] {6, 4} : null;
    return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0);
  }
}
