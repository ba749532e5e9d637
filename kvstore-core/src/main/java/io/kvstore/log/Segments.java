package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a store, each at the place that locations name. Readers ask without a lock.
 *
 * <p>A segment leaves in two steps: {@link #retire} takes it out of the store, while locations in
 * it still resolve; {@link #free} empties its place, which a later segment may then take. Places
 * that were never taken go first, and then those that have been free the longest.
 */
public final class Segments {
  private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(Segment[].class);

  private final int maxPlaces;
  private final ReentrantLock lock = new ReentrantLock();

  // Elements are set before any location that names them is published.
  private volatile @Nullable Segment[] places = new Segment[16];

  /** Places from here on were never taken. */
  @GuardedBy("lock")
  private int fresh;

  @GuardedBy("lock")
  private final ArrayDeque<Integer> freed = new ArrayDeque<>();

  @GuardedBy("lock")
  private final Map<Segment, Long> retired = new LinkedHashMap<>();

  /** Segments whose records still count where they were copied from. */
  @GuardedBy("lock")
  private final List<Segment> unseen = new ArrayList<>();

  /** Creates a table with as many places as a location can name. */
  public Segments() {
    this(Location.MAX_SEGMENTS);
  }

  /** Creates a table with fewer places. */
  public Segments(int maxPlaces) {
    this.maxPlaces = maxPlaces;
  }

  /**
   * Returns the record at a location of which the caller knows that it can't be dropped meanwhile:
   * by the lock of its stripe, or because nothing is ever dropped at that time.
   *
   * @throws CorruptStoreException if it is not what was written
   */
  public RecordView at(long location) {
    RecordView record = Objects.requireNonNull(find(location));
    record.check();
    return record;
  }

  /** Returns the segment that follows another in the log, or null if there is none yet. */
  @Nullable Segment after(Segment segment) {
    for (Segment each : log()) {
      if (each.id() > segment.id()) {
        return each;
      }
    }
    return null;
  }

  /** Returns the segments of this moment that were appended to, in the order of the log. */
  List<Segment> log() {
    return list().stream()
        .filter(segment -> !segment.isCompacted())
        .sorted(Comparator.comparingLong(Segment::id))
        .toList();
  }

  /**
   * Returns the record at a location, or null if its segment has been dropped. Its place may have
   * been taken by another segment since: a caller without a lock makes sure afterwards that the
   * index still holds the location, and only then checks the record and uses it.
   */
  public @Nullable RecordView find(long location) {
    Segment segment = (Segment) PLACE.getAcquire(places, Location.place(location));
    return segment == null ? null : new RecordView(segment, Location.offset(location));
  }

  /** Adds a segment at a free place, which it is told. */
  void add(Segment segment) {
    lock.lock();
    try {
      Integer place = fresh < maxPlaces ? (Integer) fresh++ : freed.poll();
      if (place == null) {
        throw new KvStoreException("the store has " + maxPlaces + " segments, and can't have more");
      }
      set(place, segment);
    } finally {
      lock.unlock();
    }
  }

  /** Adds a segment at a place that is free; for recovery, before any reader. */
  void addAt(int place, Segment segment) {
    lock.lock();
    try {
      set(place, segment);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Leaves the free places before one out until all others have been taken; for recovery, before
   * any reader.
   */
  void startAt(int place) {
    lock.lock();
    try {
      for (int i = fresh; i < place; i++) {
        if (i >= places.length || places[i] == null) {
          freed.add(i);
        }
      }
      fresh = Math.max(fresh, place);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void set(int place, Segment segment) {
    @Nullable Segment[] now = places;
    if (place >= now.length) {
      now = Arrays.copyOf(now, Math.max(place + 1, 2 * now.length));
    }
    segment.placeAt(place);
    PLACE.setRelease(now, place, segment);
    places = now;
  }

  /** Puts another mapping of a file in the place of the first; for recovery, before any reader. */
  void replace(Segment old, Segment segment) {
    addAt(old.place(), segment);
  }

  /** Forgets all segments; for recovery, before any reader. */
  void clear() {
    lock.lock();
    try {
      places = new Segment[16];
      fresh = 0;
      freed.clear();
      retired.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a segment that locations may name already, and that is not counted before it is shown. */
  void addUnseen(Segment segment) {
    lock.lock();
    try {
      add(segment);
      unseen.add(segment);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes segments out of the store, and shows those in their stead; locations in the former
   * resolve until {@link #free}.
   *
   * @param sequence of the last change there is: no snapshot that is opened after a later one holds
   *     a location in them
   */
  void retire(List<Segment> dropped, List<Segment> shown, long sequence) {
    lock.lock();
    try {
      unseen.removeAll(dropped);
      unseen.removeAll(shown);
      dropped.forEach(segment -> retired.put(segment, sequence));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Empties the places of what was retired before a snapshot was opened: no index holds a location
   * in there.
   *
   * @param oldestHeld asked for the lowest sequence that a snapshot is open at, or more than any if
   *     there is none: only now, since what was retired after the question may be needed
   */
  public void free(LongSupplier oldestHeld) {
    lock.lock();
    try {
      long oldest = oldestHeld.getAsLong();
      Iterator<Map.Entry<Segment, Long>> each = retired.entrySet().iterator();
      while (each.hasNext()) {
        Map.Entry<Segment, Long> next = each.next();
        if (next.getValue() < oldest) {
          int place = next.getKey().place();
          PLACE.setRelease(places, place, null);
          freed.add(place);
          each.remove();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Segments that are out of the store, while locations in them still resolve. */
  public record Retired(int segments, long bytes) {}

  /** Returns what has been retired and not freed. */
  public Retired retired() {
    lock.lock();
    try {
      long bytes = retired.keySet().stream().mapToLong(Segment::capacity).sum();
      return new Retired(retired.size(), bytes);
    } finally {
      lock.unlock();
    }
  }

  /** What the segments hold together, in bytes. */
  record Totals(
      int segments, long liveBytes, long staleBytes, long tombstoneBytes, long writtenBytes) {}

  /** Adds up what the segments hold; to be called under the lock of the log. */
  Totals totals() {
    long live = 0;
    long stale = 0;
    long tombstones = 0;
    long written = 0;
    List<Segment> all = list();
    for (Segment segment : all) {
      live += segment.liveBytes();
      stale += segment.staleBytes();
      tombstones += segment.tombstoneBytes();
      written += segment.end();
    }
    return new Totals(all.size(), live, stale, tombstones, written);
  }

  /**
   * Closes the files of all segments; they can still be read.
   *
   * @throws KvStoreException if one can't be closed
   */
  void closeChannels() {
    for (Segment segment : list()) {
      try {
        segment.closeChannel();
      } catch (IOException e) {
        throw new KvStoreException("can't close " + segment.file() + ": " + e.getMessage(), e);
      }
    }
  }

  /** Returns the segments of this moment, by place. */
  List<Segment> list() {
    lock.lock();
    try {
      List<Segment> list = new ArrayList<>();
      for (Segment segment : places) {
        if (segment != null && !retired.containsKey(segment) && !unseen.contains(segment)) {
          list.add(segment);
        }
      }
      return list;
    } finally {
      lock.unlock();
    }
  }
}
