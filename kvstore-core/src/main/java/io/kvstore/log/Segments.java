package io.kvstore.log;

import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The segments of the log, in order, each at the place that locations name. Readers ask without a
 * lock; the {@link Log} adds one at a time.
 */
public final class Segments {
  // Elements are set before any location that names them is published, and never change.
  private volatile Segment[] places = new Segment[16];
  private volatile int count;

  /**
   * Returns the record at a location that the log has given out.
   *
   * @throws CorruptStoreException if it is not what was written
   */
  public RecordView at(long location) {
    Segment segment = places[Location.place(location)];
    return segment.checked(Location.offset(location));
  }

  /** Returns the segment that follows another in the log, or null if there is none yet. */
  @Nullable Segment after(Segment segment) {
    for (Segment each : list()) {
      if (each.id() > segment.id()) {
        return each;
      }
    }
    return null;
  }

  /** Appends a segment and returns its place. */
  int add(Segment segment) {
    int place = count;
    if (place == Location.MAX_SEGMENTS) {
      throw new KvStoreException("the log has MAX_SEGMENTS = " + place + " segments");
    }
    Segment[] old = places;
    if (place == old.length) {
      Segment[] grown = new Segment[2 * place];
      System.arraycopy(old, 0, grown, 0, place);
      grown[place] = segment;
      places = grown;
    } else {
      old[place] = segment;
    }
    count = place + 1;
    return place;
  }

  /** Puts another mapping of a file in the place of the first; for recovery, before any reader. */
  void replace(int place, Segment segment) {
    places[place] = segment;
  }

  /** Forgets all segments from a place on; for recovery, before any reader. */
  void dropFrom(int place) {
    count = place;
  }

  int count() {
    return count;
  }

  /** Returns the segments of this moment, oldest first. */
  List<Segment> list() {
    int n = count;
    Segment[] now = places;
    List<Segment> list = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      list.add(Objects.requireNonNull(now[i]));
    }
    return list;
  }
}
