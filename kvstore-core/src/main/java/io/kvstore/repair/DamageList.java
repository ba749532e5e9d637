package io.kvstore.repair;

import io.kvstore.Damage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The damage that a reading of the log has met, in its order. What lies between the changes before
 * and behind a place has been lost there: their sequences bound its.
 */
final class DamageList {
  private final List<Damage> list = new ArrayList<>();

  /** How many at the start of the list have a change behind them. */
  private int bounded;

  private long lastSequence;

  void add(Path file, long offset, long bytes, String what) {
    list.add(new Damage(file, offset, bytes, lastSequence + 1, 0, what));
  }

  /** Learns of the next whole change in the log. */
  void passed(long sequence) {
    for (; bounded < list.size(); bounded++) {
      Damage open = list.get(bounded);
      long last = sequence - 1;
      list.set(
          bounded,
          new Damage(
              open.file(), open.offset(), open.bytes(), open.firstSequence(), last, open.what()));
    }
    lastSequence = Math.max(lastSequence, sequence);
  }

  boolean isEmpty() {
    return list.isEmpty();
  }

  /** Returns whether there is a damaged place in a file. */
  boolean names(Path file) {
    return list.stream().anyMatch(damage -> damage.file().equals(file));
  }

  List<Damage> list() {
    return List.copyOf(list);
  }
}
