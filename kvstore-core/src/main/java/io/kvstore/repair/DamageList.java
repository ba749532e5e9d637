package io.kvstore.repair;

import io.kvstore.Damage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The damaged places of a log, in its order. The changes between the whole ones before and after a
 * place are lost: their sequences bound the lost ones.
 */
final class DamageList {
  private final List<Damage> list = new ArrayList<>();

  /** How many at the start of the list have a change behind them. */
  private int bounded;

  private long lastSequence;

  void add(Path file, long offset, long bytes, String what) {
    list.add(new Damage(file, offset, bytes, lastSequence + 1, 0, what));
  }

  /** Notes the next whole change of the log. */
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
