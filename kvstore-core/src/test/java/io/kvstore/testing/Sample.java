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
 * A small store with a history of every kind: what its files hold at the end.
 *
 * @param name for messages
 */
public record Sample(String name, Durability durability, StoreImage image, History history) {
  private static final Step SYNC = new Step(List.of());

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
        make(directory.resolve("several-committed-closed"), Durability.SYNC, several(false), true));
  }

  /** What is done at once: a sync, a change, or a batch of several. */
  private record Step(List<History.Change> changes) {}

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

  private static Step put(String key, @Nullable String value) {
    return new Step(List.of(new History.Change(key, value)));
  }

  private static Step delete(String key) {
    return put(key, null);
  }

  private static Step batch(Step... steps) {
    return new Step(Stream.of(steps).flatMap(step -> step.changes().stream()).toList());
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
    if (step.equals(SYNC)) {
      storage.release();
      store.sync();
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
