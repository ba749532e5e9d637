package io.kvstore.segment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.record.Location;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The segment table of a store: maps the segment number in a location to the segment. Readers look
 * segments up without a lock.
 *
 * <p>A segment leaves the store in two steps: {@link #retire} removes it, while locations in it
 * still resolve; {@link #free} clears its slot, and a later segment may then get its number.
 */
public final class SegmentTable {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Segment[].class);

  private static final int INITIAL_SLOTS = 16;

  private final Object lock = new Object();

  private volatile DamageReport damage = new DamageReport(EventDispatcher.NONE);

  // Elements are set before any location that names them is published.
  private volatile @Nullable Segment[] slots = new Segment[INITIAL_SLOTS];

  @GuardedBy("lock")
  private final SegmentNumbers numbers;

  @GuardedBy("lock")
  private final RetiredSegments retired = new RetiredSegments();

  /** The segments that are not retired, and whether each is published or only staged. */
  @GuardedBy("lock")
  private final Map<Segment, Boolean> listed = new LinkedHashMap<>();

  /** Creates a table with as many slots as a location can name. */
  public SegmentTable() {
    this(Location.MAX_SEGMENTS);
  }

  /** Creates a table with fewer slots. */
  public SegmentTable(int maxSegments) {
    this.numbers = new SegmentNumbers(maxSegments);
  }

  // ---- lookup

  /**
   * Returns the record at a location in a segment that can't be dropped meanwhile: because the
   * caller holds the lock of the stripe, or because nothing is dropped at that time. The record has
   * not been verified.
   */
  public RecordView at(long location) {
    return Objects.requireNonNull(find(location));
  }

  /**
   * Returns the record at a location, or null if its segment has been dropped. The number may have
   * been given to another segment since: a caller without a lock checks afterwards that the index
   * still has the location, and only then verifies the record and uses it.
   */
  public @Nullable RecordView find(long location) {
    Segment segment = segment(location);
    return segment == null ? null : new RecordView(segment, Location.offset(location));
  }

  /** Returns the segment that a location names, or null if it has been dropped. */
  @Nullable Segment segment(long location) {
    return (Segment) SLOT.getAcquire(slots, Location.place(location));
  }

  /** Returns the current segments of the store, in no particular order. */
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

  /** Returns the current segments that were appended to, in the order of the log. */
  public List<Segment> log() {
    SortedMap<Long, Segment> log = new TreeMap<>();
    for (Segment segment : list()) {
      if (!segment.isCompacted()) {
        log.put(segment.id(), segment);
      }
    }
    return List.copyOf(log.values());
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

  // ---- damage

  /** Sets the dispatcher of damage events; before any reader. */
  public void reportDamageTo(EventDispatcher events) {
    damage = new DamageReport(events);
  }

  public DamageReport damage() {
    return damage;
  }

  /** Reports that a record is damaged, and returns the exception to throw. */
  public CorruptStoreException damaged(RecordView record) {
    record.reportTo(damage);
    return record.damage();
  }

  /** Returns the number of locations at which damage was found. */
  public int damagedPlaces() {
    return damage.count();
  }

  // ---- segments come

  /**
   * Adds a segment to the store and gives it a free number.
   *
   * @throws StoreFullException if there is none
   */
  public void add(Segment segment) {
    add(segment, true);
  }

  /** Stages a segment: locations may name it, but it is not yet among those of the store. */
  public void stage(Segment segment) {
    add(segment, false);
  }

  private void add(Segment segment, boolean isPublished) {
    synchronized (lock) {
      set(numbers.take(), segment, isPublished);
    }
  }

  @GuardedBy("lock")
  private void set(int number, Segment segment, boolean isPublished) {
    @Nullable Segment[] now = slots;
    if (number >= now.length) {
      now = Arrays.copyOf(now, Math.max(number + 1, 2 * now.length));
    }
    listed.put(segment, isPublished);
    segment.placeAt(number);
    SLOT.setRelease(now, number, segment);
    slots = now;
  }

  /** Publishes a staged segment as one of the store. Never fails. */
  public void publish(Segment segment) {
    synchronized (lock) {
      listed.replace(segment, true);
    }
  }

  /**
   * Requires that a change may start another segment: some numbers are reserved for deletes and for
   * compaction.
   *
   * @throws StoreFullException if it may not
   */
  public void requirePlace(boolean put) {
    synchronized (lock) {
      numbers.requireFree(put);
    }
  }

  /**
   * Returns whether the store has so many segments that puts will soon be rejected, so that
   * compaction has to merge segments. Segments that only a snapshot needs do not count, since they
   * go without compaction, and merging would take numbers until then.
   */
  public boolean areMany() {
    synchronized (lock) {
      return numbers.areScarce(listed.size());
    }
  }

  /** Returns the least size of compaction's output with which all live records find room. */
  public int leastOutput(long liveBytes) {
    synchronized (lock) {
      return numbers.leastOutput(liveBytes);
    }
  }

  // ---- recovery, before any reader

  /** Adds a segment with a number that is free. */
  public void addAt(int number, Segment segment) {
    synchronized (lock) {
      set(number, segment, true);
    }
  }

  /** Leaves the free numbers before one out until all others have been taken. */
  public void startAt(int number) {
    synchronized (lock) {
      @Nullable Segment[] now = slots;
      numbers.startAt(
          number,
          new IntPredicate() {
            @Override
            public boolean test(int i) {
              return i < now.length && now[i] != null;
            }
          });
    }
  }

  /** Replaces a segment by another mapping of the same file. */
  public void replace(Segment old, Segment segment) {
    synchronized (lock) {
      listed.remove(old);
      set(old.place(), segment, true);
    }
  }

  /** Removes all segments. */
  public void clear() {
    synchronized (lock) {
      slots = new Segment[INITIAL_SLOTS];
      numbers.freeAll();
      retired.clear();
      listed.clear();
    }
  }

  // ---- segments go

  /** Removes a staged segment that no location names. */
  public void remove(Segment segment) {
    synchronized (lock) {
      if (listed.remove(segment) != null) {
        empty(segment.place());
      }
    }
  }

  @GuardedBy("lock")
  private void empty(int number) {
    SLOT.setRelease(slots, number, null);
    numbers.free(number);
  }

  /**
   * Removes segments from the store, and publishes the staged segments that replace them; locations
   * in the removed ones resolve until {@link #free}.
   *
   * @param sequence of the last change: no snapshot that is opened after a later change has a
   *     location in the removed segments
   */
  public void retire(List<Segment> dropped, List<Segment> published, long sequence) {
    synchronized (lock) {
      for (Segment segment : dropped) {
        retired.add(segment, sequence);
      }
      for (Segment segment : dropped) {
        listed.remove(segment);
      }
      for (Segment segment : published) {
        listed.replace(segment, true);
      }
    }
  }

  /**
   * Clears the slots of segments that were retired before the oldest open snapshot: no index has a
   * location in them.
   *
   * @param oldestHeld returns the lowest sequence of an open snapshot, or a number above all
   *     sequences if there is none; called under the lock, since a segment that is retired after
   *     the call may be needed
   */
  public void free(LongSupplier oldestHeld) {
    synchronized (lock) {
      freeBefore(oldestHeld.getAsLong());
    }
  }

  /** Clears the slots of all retired segments, while there can't be a snapshot. */
  public void freeAll() {
    synchronized (lock) {
      freeBefore(Long.MAX_VALUE);
    }
  }

  @GuardedBy("lock")
  private void freeBefore(long oldest) {
    Segment next = retired.firstBefore(oldest);
    while (next != null) {
      empty(next.place());
      retired.remove(next);
      next = retired.firstBefore(oldest);
    }
  }

  /** Returns whether no location resolves to a segment any more. */
  public boolean isFree(Segment segment) {
    synchronized (lock) {
      return !retired.contains(segment) && !listed.containsKey(segment);
    }
  }

  // ---- totals

  /** The segments that are retired and not yet freed, and their bytes. */
  public record Retired(int segments, long bytes) {}

  public Retired retired() {
    synchronized (lock) {
      return new Retired(retired.count(), retired.bytes());
    }
  }

  /** The number of segments in the store, and the sums of their bytes. */
  public record Totals(
      int segments, long liveBytes, long staleBytes, long tombstoneBytes, long writtenBytes) {}

  /** Adds up the bytes of all segments; to be called under the lock of the log. */
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
   * Closes the files of all segments; the segments can still be read.
   *
   * @throws KvStoreException if a file can't be closed
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
}
