package io.kvstore.testing;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.engine.StoreDoor;
import io.kvstore.testing.FaultyStorage.Operation;
import java.nio.file.Path;
import java.util.List;

/**
 * A small store with a history of every kind: what its files hold at the end.
 *
 * @param name for messages
 */
public record Sample(String name, Durability durability, StoreImage image, History history) {
  private static final History.Change SYNC = put("sync", "this is no put");
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

  @Override
  public String toString() {
    return name;
  }

  private static List<History.Change> small(boolean synced) {
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
        put("a", "three"),
        put("last", "\0".repeat(13)));
  }

  /** Three segments: the long value does not fit into the first, and leaves the second full. */
  private static List<History.Change> several(boolean synced) {
    return List.of(
        put("a", "one"),
        put("b", "w".repeat(150)),
        put("a", "two"),
        delete("b"),
        put("long", LONG_VALUE),
        put("c", "y".repeat(90)),
        synced ? SYNC : put("b", "again"),
        put("d", "z".repeat(100)),
        delete("c"),
        put("a", "three"));
  }

  private static History.Change put(String key, String value) {
    return new History.Change(key, value);
  }

  private static History.Change delete(String key) {
    return new History.Change(key, null);
  }

  private static Sample make(
      Path directory, Durability durability, List<History.Change> steps, boolean closed) {
    FaultyStorage storage = FaultyStorage.withoutSyncs();
    History history = new History();
    StoreImage open;
    try (KvStore<String, String> store = StoreDoor.open(directory, durability, storage)) {
      // A store that syncs by itself leaves marks now here, now there.
      storage.hold(Operation.SYNC_MAPPED);
      for (History.Change step : steps) {
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
      History.Change step, KvStore<String, String> store, FaultyStorage storage, History history) {
    if (step.equals(SYNC)) {
      storage.release();
      store.sync();
      storage.hold(Operation.SYNC_MAPPED);
    } else if (step.value() == null) {
      history.delete(store, step.key());
    } else {
      history.put(store, step.key(), step.value());
    }
  }
}
