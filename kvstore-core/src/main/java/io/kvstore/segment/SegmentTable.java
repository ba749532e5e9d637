package io.kvstore.segment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.record.Location;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a store, each at the place that locations name. Readers ask without a lock.
 *
 * <p>A segment leaves in two steps: {@link #retire} takes it out of the store, while locations in
 * it still resolve; {@link #free} empties its place, which a later segment may then take. Places
 * that were never taken go first, and then those that have been free the longest.
 */
public final class SegmentTable {
  private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(Segment[].class);

  /** Places that puts leave to deletes and to compaction, and deletes to compaction. */
  private static final int SPARE_PLACES = 64;

  /**
   * Compaction writes segments so large that all that is live fits into this part of the places.
   */
  private static final int LIVE_SHARE = 4;

  private final int maxPlaces;
  private final Object lock = new Object();

  private volatile DamageReport damage = new DamageReport(EventDispatcher.NONE);

  // Elements are set before any location that names them is published.
  private volatile @Nullable Segment[] places = new Segment[16];

  /** Places from here on were never taken. */
  @GuardedBy("lock")
  private int fresh;

  @GuardedBy("lock")
  private final ArrayDeque<Integer> freed = new ArrayDeque<>();

  @GuardedBy("lock")
  private final Map<Segment, Long> retired = new LinkedHashMap<>();

  /**
   * All that are not retired, and whether they count: those of which a place is taken ahead don't.
   */
  @GuardedBy("lock")
  private final Map<Segment, Boolean> listed = new LinkedHashMap<>();

  /** Creates a table with as many places as a location can name. */
  public SegmentTable() {
    this(Location.MAX_SEGMENTS);
  }

  /** Creates a table with fewer places. */
  public SegmentTable(int maxPlaces) {
    this.maxPlaces = maxPlaces;
  }

  /**
   * Returns the record at a location of which the caller knows that it can't be dropped meanwhile:
   * by the lock of its stripe, or because nothing is ever dropped at that time. Nobody has looked
   * whether it is damaged.
   */
  public RecordView at(long location) {
    return Objects.requireNonNull(find(location));
  }

  /** Sets who is told of damage; before any reader. */
  public void reportDamageTo(EventDispatcher events) {
    damage = new DamageReport(events);
  }

  public DamageReport damage() {
    return damage;
  }

  /** Reports that a record is damaged, and returns what is to be thrown. */
  public CorruptStoreException damaged(RecordView record) {
    record.reportTo(damage);
    return record.damage();
  }

  /** Returns at how many places records were found damaged. */
  public int damagedPlaces() {
    return damage.count();
  }

  /** Returns the segment that a location names, or null if it has been dropped. */
  @Nullable Segment segment(long location) {
    return (Segment) PLACE.getAcquire(places, Location.place(location));
  }

  /** Returns the segment that follows another in the log, or null if there is none yet. */
  public @Nullable Segment after(Segment segment) {
    for (Segment each : log()) {
      if (each.id() > segment.id()) {
        return each;
      }
    }
    return null;
  }

  /** Returns the segments of this moment that were appended to, in the order of the log. */
  public List<Segment> log() {
    SortedMap<Long, Segment> log = new TreeMap<>();
    for (Segment segment : list()) {
      if (!segment.isCompacted()) {
        log.put(segment.id(), segment);
      }
    }
    return List.copyOf(log.values());
  }

  /**
   * Returns the record at a location, or null if its segment has been dropped. Its place may have
   * been taken by another segment since: a caller without a lock makes sure afterwards that the
   * index still holds the location, and only then checks the record and uses it.
   */
  public @Nullable RecordView find(long location) {
    Segment segment = segment(location);
    return segment == null ? null : new RecordView(segment, Location.offset(location));
  }

  /** Adds a segment at a free place, which it is told. */
  public void add(Segment segment) {
    add(segment, true);
  }

  private void add(Segment segment, boolean counts) {
    synchronized (lock) {
      Integer place = fresh < maxPlaces ? (Integer) fresh++ : freed.poll();
      if (place == null) {
        throw new StoreFullException(
            "the store has " + maxPlaces + " segments, and can't have more");
      }
      set(place, segment, counts);
    }
  }

  /**
   * Makes sure that a change may take one more place: some are kept for deletes, which lead to free
   * ones, and for compaction, which makes them.
   *
   * @throws StoreFullException if it may not
   */
  public void requirePlace(boolean put) {
    synchronized (lock) {
      int free = maxPlaces - fresh + freed.size();
      int spare = Math.min(SPARE_PLACES, maxPlaces / 8);
      if (free <= (put ? 2 * spare : spare)) {
        throw new StoreFullException(
            "the store has "
                + (maxPlaces - free)
                + " of at most "
                + maxPlaces
                + " segments, and the rest is kept for deletes and compaction: close snapshots, or"
                + " delete entries");
      }
    }
  }

  /**
   * Tells whether the segments of the store take so many places that puts are refused soon: then
   * compaction has to merge them. What only a snapshot needs does not count, since that goes by
   * itself, and merging would take places until then.
   */
  public boolean areMany() {
    synchronized (lock) {
      return listed.size() >= maxPlaces - maxPlaces / LIVE_SHARE;
    }
  }

  /**
   * Returns how much compaction has to write into one segment for all that is live to find room.
   */
  public int leastOutput(long liveBytes) {
    long output = liveBytes / Math.max(1, maxPlaces / LIVE_SHARE);
    return (int) Math.min(KvStoreBuilder.MAX_SEGMENT_BYTES, output);
  }

  /** Adds a segment at a place that is free; for recovery, before any reader. */
  public void addAt(int place, Segment segment) {
    synchronized (lock) {
      set(place, segment, true);
    }
  }

  /**
   * Leaves the free places before one out until all others have been taken; for recovery, before
   * any reader.
   */
  public void startAt(int place) {
    synchronized (lock) {
      for (int i = fresh; i < place; i++) {
        if (i >= places.length || places[i] == null) {
          freed.add(i);
        }
      }
      fresh = Math.max(fresh, place);
    }
  }

  @GuardedBy("lock")
  private void set(int place, Segment segment, boolean counts) {
    @Nullable Segment[] now = places;
    if (place >= now.length) {
      now = Arrays.copyOf(now, Math.max(place + 1, 2 * now.length));
    }
    listed.put(segment, counts);
    segment.placeAt(place);
    PLACE.setRelease(now, place, segment);
    places = now;
  }

  /** Puts another mapping of a file in the place of the first; for recovery, before any reader. */
  public void replace(Segment old, Segment segment) {
    synchronized (lock) {
      listed.remove(old);
      set(old.place(), segment, true);
    }
  }

  /** Forgets all segments; for recovery, before any reader. */
  public void clear() {
    synchronized (lock) {
      places = new Segment[16];
      fresh = 0;
      freed.clear();
      retired.clear();
      listed.clear();
    }
  }

  /** Adds a segment that locations may name already, and that is not counted before it is shown. */
  public void addUnseen(Segment segment) {
    add(segment, false);
  }

  /**
   * Counts a segment that was added by {@link #addUnseen} among those of the store. Never fails.
   */
  public void show(Segment segment) {
    synchronized (lock) {
      listed.replace(segment, true);
    }
  }

  /** Takes back a segment that was added by {@link #addUnseen}, and that no location names. */
  public void remove(Segment segment) {
    synchronized (lock) {
      if (listed.remove(segment) != null) {
        empty(segment.place());
      }
    }
  }

  @GuardedBy("lock")
  private void empty(int place) {
    PLACE.setRelease(places, place, null);
    freed.add(place);
  }

  /**
   * Takes segments out of the store, and shows those in their stead; locations in the former
   * resolve until {@link #free}.
   *
   * @param sequence of the last change there is: no snapshot that is opened after a later one holds
   *     a location in them
   */
  public void retire(List<Segment> dropped, List<Segment> shown, long sequence) {
    synchronized (lock) {
      for (Segment segment : dropped) {
        retired.put(segment, sequence);
      }
      for (Segment segment : dropped) {
        listed.remove(segment);
      }
      for (Segment segment : shown) {
        listed.replace(segment, true);
      }
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
    synchronized (lock) {
      freeBefore(oldestHeld.getAsLong());
    }
  }

  /** Empties the places of all that was retired, before there can be a snapshot. */
  public void freeAll() {
    synchronized (lock) {
      freeBefore(Long.MAX_VALUE);
    }
  }

  @GuardedBy("lock")
  private void freeBefore(long oldest) {
    Iterator<Map.Entry<Segment, Long>> each = retired.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Segment, Long> next = each.next();
      if (next.getValue() < oldest) {
        empty(next.getKey().place());
        each.remove();
      }
    }
  }

  /** Tells whether no location resolves to a segment any more. */
  public boolean isFree(Segment segment) {
    synchronized (lock) {
      return !retired.containsKey(segment) && !listed.containsKey(segment);
    }
  }

  /** Segments that are out of the store, while locations in them still resolve. */
  public record Retired(int segments, long bytes) {}

  /** Returns what has been retired and not freed. */
  public Retired retired() {
    synchronized (lock) {
      long bytes = retired.keySet().stream().mapToLong(Segment::capacity).sum();
      return new Retired(retired.size(), bytes);
    }
  }

  /** What the segments hold together, in bytes. */
  public record Totals(
      int segments, long liveBytes, long staleBytes, long tombstoneBytes, long writtenBytes) {}

  /** Adds up what the segments hold; to be called under the lock of the log. */
  public Totals totals() {
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
  public void closeChannels() {
    for (Segment segment : list()) {
      try {
        segment.closeChannel();
      } catch (IOException e) {
        throw new KvStoreException("can't close " + segment.file() + ": " + e.getMessage(), e);
      }
    }
  }

  /** Returns the segments of this moment, in no order that means anything. */
  public List<Segment> list() {
    synchronized (lock) {
      List<Segment> list = new ArrayList<>(listed.size());
      for (Map.Entry<Segment, Boolean> each : listed.entrySet()) {
        if (each.getValue()) {
          list.add(each.getKey());
        }
      }
      return list;
    }
  }
}
