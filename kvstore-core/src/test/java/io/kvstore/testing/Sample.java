package io.kvstore.testing;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.engine.StoreDoor;
import io.kvstore.testing.FaultyStorage.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small sample store with changes of every kind, and the content of its files at the end.
 *
 * @param name the name for messages
 */
public record Sample(String name, Durability durability, StoreImage image, History history) {
  private static final Step SYNC = new Step(Act.SYNC, List.of());

  private static final Step COMPACT = new Step(Act.COMPACT, List.of());

  /** A value whose record fills a segment but for some 50 bytes. */
  private static final String FULL_VALUE = "fedcba9876543210".repeat(249);

  private static final String LONG_VALUE = "0123456789abcdef".repeat(240);

  /** Returns samples of each kind, made below a directory. */
  public static List<Sample> all(Path directory) {
    return List.of(
        make(directory.resolve("unsynced"), Durability.PROCESS, small(false), false),
        make(directory.resolve("synced"), Durability.INTERVAL, small(true), false),
        make(directory.resolve("closed"), Durability.PROCESS, small(true), true),
        make(directory.resolve("committed"), Durability.SYNC, small(false), false),
        make(directory.resolve("several-unsynced"), Durability.PROCESS, several(false), false),
        make(directory.resolve("several-synced"), Durability.PROCESS, several(true), false),
        make(directory.resolve("several-closed"), Durability.INTERVAL, several(true), true),
        make(directory.resolve("several-committed"), Durability.SYNC, several(false), false),
        make(directory.resolve("several-committed-closed"), Durability.SYNC, several(false), true),
        make(directory.resolve("compacted"), Durability.PROCESS, compacted(), false),
        make(directory.resolve("compacted-closed"), Durability.INTERVAL, compacted(), true),
        make(directory.resolve("compacted-committed"), Durability.SYNC, compacted(), false));
  }

  /** Returns whether it has compacted segments, and a list. */
  public boolean isCompacted() {
    return image.has(ListFile.NAME);
  }

  /** One step of the history: a sync, a compaction, a change, or a batch of several. */
  private record Step(Act act, List<History.Change> changes) {}

  private enum Act {
    CHANGE,
    SYNC,
    COMPACT
  }

  @Override
  public String toString() {
    return name;
  }

  private static List<Step> small(boolean synced) {
    return List.of(
        put("a", "one"),
        put("b", ""),
        put("a", "two"),
        put("", "of the empty key"),
        put("zeros", "\0".repeat(21)),
        delete("b"),
        synced ? SYNC : put("b", "again"),
        put("grün", "Wert mit Umlauten: äöü"),
        delete("a"),
        put("c", "x".repeat(60)),
        batch(put("d", "in a batch"), delete("c"), put("expires", "some day"), put("d", "last")),
        put("expires too", ""),
        put("a", "three"),
        put("last", "\0".repeat(13)));
  }

  /** Three segments: the long value does not fit into the first, and leaves the second full. */
  private static List<Step> several(boolean synced) {
    return List.of(
        put("a", "one"),
        put("b", "w".repeat(150)),
        put("a", "two"),
        delete("b"),
        batch(put("e", "v".repeat(70)), put("b", "in a batch")),
        put("long", LONG_VALUE),
        put("c", "y".repeat(90)),
        synced ? SYNC : put("b", "again"),
        put("d", "z".repeat(100)),
        batch(delete("c"), put("expires", "in a batch"), put("a", "three")));
  }

  /**
   * Twice compacted, and then gone on with. Segments that are full of what is live are left alone,
   * so the list names ids of the log with gaps; one of them has a stale put in it, whose tombstone
   * has to be kept.
   */
  private static List<Step> compacted() {
    return List.of(
        put("a", "one"),
        put("a", "two"),
        batch(put("e", "v".repeat(70)), put("b", "in a batch")),
        batch(put("s", ""), put("full 1", FULL_VALUE.substring(24))),
        put("full 2", FULL_VALUE),
        put("c", "y".repeat(90)),
        delete("s"),
        put("expires", "some day"),
        put("full 3", FULL_VALUE),
        delete("b"),
        put("a", "three"),
        COMPACT,
        put("a", "four"),
        batch(put("f", ""), delete("c"), put("expires too", "in a batch")),
        COMPACT,
        put("g", "z".repeat(100)),
        batch(put("a", "five"), delete("e"), put("h", "in a batch")),
        put("full 4", FULL_VALUE),
        SYNC,
        put("c", "again"),
        batch(delete("f"), put("expires", "another day")));
  }

  private static Step put(String key, @Nullable String value) {
    return new Step(Act.CHANGE, List.of(new History.Change(key, value)));
  }

  private static Step delete(String key) {
    return put(key, null);
  }

  private static Step batch(Step... steps) {
    return new Step(Act.CHANGE, Stream.of(steps).flatMap(step -> step.changes().stream()).toList());
  }

  private static Sample make(
      Path directory, Durability durability, List<Step> steps, boolean closed) {
    FaultyStorage storage = FaultyStorage.withoutSyncs();
    History history = new History();
    StoreImage open;
    try (KvStore<String, String> store = StoreDoor.open(directory, durability, storage)) {
      // A store that syncs by itself leaves marks now here, now there.
      storage.hold(Operation.SYNC_MAPPED);
      for (Step step : steps) {
        take(step, store, storage, history);
      }
      open = StoreImage.of(directory);
      storage.release();
    }
    StoreImage image = closed ? StoreImage.of(directory) : open;
    String name = directory.getFileName().toString();
    return new Sample(name, durability, image, history);
  }

  private static void take(
      Step step, KvStore<String, String> store, FaultyStorage storage, History history) {
    if (step.act() != Act.CHANGE) {
      storage.release();
      if (step.act() == Act.SYNC) {
        store.sync();
      } else {
        store.compact();
      }
      storage.hold(Operation.SYNC_MAPPED);
    } else if (step.changes().size() > 1) {
      history.write(store, step.changes());
    } else if (step.changes().get(0).value() == null) {
      history.delete(store, step.changes().get(0).key());
    } else {
      history.put(store, step.changes().get(0).key(), step.changes().get(0).value());
    }
  }
}
