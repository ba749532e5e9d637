package io.kvstore.model;

import io.kvstore.CorruptStoreException;
import io.kvstore.model.Model.Held;
import io.kvstore.testing.History;
import io.kvstore.testing.LogLayout;
import io.kvstore.testing.StoreImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Bit flips in the records of a closed store: of some entries, and perhaps of a record that no
 * entry needs.
 */
final class FlippedBits {
  private static final int MAX_ENTRIES = 3;
  private static final int HEADER_BYTES = 20;

  private final Map<String, LogLayout.Found> entries = new HashMap<>();
  private final List<LogLayout.Found> places = new ArrayList<>();

  private FlippedBits() {}

  /**
   * Flips bits in the files of a store.
   *
   * @param state what the store has; entries that expire are left alone
   */
  static FlippedBits in(Path directory, Map<String, Held> state, ModelDice dice)
      throws IOException {
    FlippedBits flipped = new FlippedBits();
    LogLayout layout = LogLayout.of(StoreImage.of(directory));
    Map<String, LogLayout.Found> live = live(layout);
    List<LogLayout.Found> others = new ArrayList<>(layout.records());
    others.removeAll(live.values());
    live.keySet().removeIf(key -> !state.containsKey(key) || state.get(key).deadline() != null);
    List<String> keys = new ArrayList<>(live.keySet());
    for (int i = dice.below(MAX_ENTRIES) + 1; i > 0 && !keys.isEmpty(); i--) {
      String key = keys.remove(dice.below(keys.size()));
      flipped.entries.put(key, live.get(key));
      flipped.flip(directory, live.get(key), key.length(), dice);
    }
    if (dice.once(3) && !others.isEmpty()) {
      LogLayout.Found other = others.get(dice.below(others.size()));
      flipped.flip(directory, other, 0, dice);
    }
    return flipped;
  }

  /** Returns the latest record of each key that has an entry. */
  private static Map<String, LogLayout.Found> live(LogLayout layout) {
    Map<String, LogLayout.Found> latest = new HashMap<>();
    Iterator<History.Change> changes = layout.changes().iterator();
    for (LogLayout.Found record : layout.records()) {
      if (record.isChange()) {
        latest.merge(changes.next().key(), record, (a, b) -> a.sequence() > b.sequence() ? a : b);
      }
    }
    latest.values().removeIf(record -> record.type() != LogLayout.PUT);
    return latest;
  }

  private void flip(Path directory, LogLayout.Found record, int keyBytes, ModelDice dice)
      throws IOException {
    int valueAt = HEADER_BYTES + keyBytes;
    int in =
        switch (dice.below(4)) {
          case 0 -> dice.below(HEADER_BYTES);
          case 1 -> dice.below(Math.min(valueAt, record.size()));
          case 2 -> dice.below(record.size());
          default -> valueAt + dice.below(Math.max(1, record.size() - valueAt));
        };
    int at = record.offset() + Math.min(in, record.size() - 1);
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve(record.file()).toFile(), "rw")) {
      file.seek(at);
      int was = file.read();
      file.seek(at);
      file.write(was ^ 1 << dice.below(8));
    }
    places.add(record);
  }

  /** Returns the keys of entries that are damaged. */
  Set<String> keys() {
    return entries.keySet();
  }

  int count() {
    return places.size();
  }

  /** Tells whether a store complains of what has been done to the entry of a key. */
  boolean isOf(String key, CorruptStoreException complaint) {
    return isAt(entries.get(key), complaint);
  }

  /** Tells whether a store complains of anything that has been done to it. */
  boolean isAny(CorruptStoreException complaint) {
    return places.stream().anyMatch(place -> isAt(place, complaint));
  }

  private static boolean isAt(LogLayout.Found place, CorruptStoreException complaint) {
    return complaint.file().endsWith(place.file())
        && (complaint.offset() == place.offset() || complaint.offset() == place.batchOffset())
        && complaint.getMessage().contains(place.file())
        && complaint.getMessage().contains("" + complaint.offset());
  }

  @Override
  public String toString() {
    return "flipped bits in the entries of " + entries + ", all in " + places;
  }
}
