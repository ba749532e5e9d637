package io.kvstore.segment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.Damage;
import io.kvstore.StoreListener;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.StoreLogger;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The reporting of damage found by a running store: to the listener once for each damaged record,
 * and to the logger in one line for each file.
 */
public final class DamageReport {
  /**
   * The maximum number of damaged records that are remembered; further ones are reported each time
   * they are found.
   */
  private static final int MAX_PLACES = 10_000;

  private final EventDispatcher events;

  /** A place, with an equality of its own: the JDK links that of a record at its first use. */
  private record Place(Path file, int offset) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Place place && offset == place.offset && file.equals(place.file);
    }

    @Override
    public int hashCode() {
      return 31 * file.hashCode() + offset;
    }
  }

  @GuardedBy("this")
  private final Set<Place> places = new HashSet<>();

  @GuardedBy("this")
  private final Set<Path> files = new HashSet<>();

  DamageReport(EventDispatcher events) {
    this.events = events;
  }

  /**
   * Reports that a range of a segment has no whole record, unless that is known already.
   *
   * @param to the offset of the next whole record; equal to {@code from} if that is not known
   */
  public void add(Segment segment, int from, int to) {
    segment.becomeDamaged();
    Path file = Objects.requireNonNull(segment.file());
    String what = "the record is not what was written";
    boolean isFirstOfFile;
    synchronized (this) {
      if (places.size() < MAX_PLACES && !places.add(new Place(file, from))) {
        return;
      }
      isFirstOfFile = files.add(file);
    }
    if (isFirstOfFile) {
      StoreLogger.get()
          .log(
              System.Logger.Level.ERROR,
              "{0} is damaged at offset {1}: {2}; other entries are not affected, and the damage is"
                  + " dropped after its key is put or deleted",
              file,
              from,
              what);
    }
    Damage damage = new Damage(file, from, (long) to - from, 0, 0, what);
    events.publish(
        new Consumer<>() {
          @Override
          public void accept(StoreListener listener) {
            listener.onDamage(damage);
          }
        });
  }

  /** Returns the number of damaged records found. */
  synchronized int count() {
    return places.size();
  }
}
