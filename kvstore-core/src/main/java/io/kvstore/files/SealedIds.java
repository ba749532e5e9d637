package io.kvstore.files;

import io.kvstore.record.Location;
import io.kvstore.segment.Segment;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ids of sealed segments, each with the checksum of its seal, which identifies the segment: it
 * distinguishes a file of the same name from another time or another store.
 */
public final class SealedIds {
  /** The checksum of an id in a list that was written by a version without checksums. */
  private static final long UNKNOWN = -1;

  /** The maximum number of ids: more than a store can have segments, including dropped ones. */
  private static final int MAX_IDS = 2 * Location.MAX_SEGMENTS;

  private final SortedMap<Long, Long> seals = new TreeMap<>();

  /** Adds a sealed segment. */
  public void add(Segment segment) {
    add(segment.id(), segment.last().checksum());
  }

  public void add(long id, int seal) {
    seals.put(id, Integer.toUnsignedLong(seal));
  }

  /** Returns the ids that are not in another list. */
  public SealedIds without(SealedIds others) {
    SealedIds rest = new SealedIds();
    rest.seals.putAll(seals);
    rest.seals.entrySet().removeAll(others.seals.entrySet());
    return rest;
  }

  /** Returns the ids, in order. */
  public Set<Long> ids() {
    return Collections.unmodifiableSet(seals.keySet());
  }

  public boolean contains(long id) {
    return seals.containsKey(id);
  }

  public int size() {
    return seals.size();
  }

  /** Returns the highest id, 0 if there is none. */
  public long last() {
    return seals.isEmpty() ? 0 : seals.lastKey();
  }

  /** Returns whether a segment with this id and seal can be the listed one. */
  public boolean canBe(long id, int seal) {
    long known = seals.getOrDefault(id, UNKNOWN);
    return known == UNKNOWN || known == Integer.toUnsignedLong(seal);
  }

  /** Returns whether a segment with this id and seal is certainly the listed one. */
  public boolean isFor(long id, int seal) {
    return seals.getOrDefault(id, UNKNOWN) == Integer.toUnsignedLong(seal);
  }

  /**
   * Parses the result of {@link #toString}, and the ranges of ids without checksums of format 2.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  static SealedIds parse(String text) {
    SealedIds all = new SealedIds();
    for (String part : text.strip().split(" ", -1)) {
      int colon = part.indexOf(':');
      int dash = part.indexOf('-');
      if (colon >= 0) {
        int seal = HexFormat.fromHexDigits(part.substring(colon + 1));
        all.add(Long.parseLong(part.substring(0, colon)), seal);
      } else if (!part.isEmpty()) {
        long last = Long.parseLong(part.substring(dash + 1));
        long first = dash < 0 ? last : Long.parseLong(part.substring(0, dash));
        if (last - first > MAX_IDS) {
          throw new IllegalArgumentException("more segments than there can be: " + part);
        }
        for (long id = first; id <= last; id++) {
          all.seals.put(id, UNKNOWN);
        }
      }
      if (all.seals.size() > MAX_IDS) {
        throw new IllegalArgumentException("more segments than there can be, up to " + part);
      }
    }
    return all;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Long, Long> each : seals.entrySet()) {
      text.append(' ').append(each.getKey());
      if (each.getValue() != UNKNOWN) {
        text.append(':').append(HexFormat.of().toHexDigits(each.getValue().intValue()));
      }
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealedIds that && seals.equals(that.seals);
  }

  @Override
  public int hashCode() {
    return seals.hashCode();
  }
}
