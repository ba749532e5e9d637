package io.kvstore.index;

import io.kvstore.segment.RecordView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A set of held records, which stay valid until they are released, although no lock keeps
 * compaction from dropping them. If they are never released, the files of their segments can't be
 * reused: they are deleted then, and take space until the garbage collector frees their mapping.
 * For one thread.
 */
public final class PinnedRecords implements AutoCloseable {
  private final List<RecordView> records = new ArrayList<>();

  /** One record of each held segment. */
  private final List<RecordView> held = new ArrayList<>();

  private final Set<Object> segments = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Adds and holds a record; returns false if it is too late to hold it. */
  boolean add(RecordView record) {
    if (!segments.contains(record.segment())) {
      if (!record.hold()) {
        return false;
      }
      segments.add(record.segment());
      held.add(record);
    }
    records.add(record);
    return true;
  }

  void removeLast() {
    records.remove(records.size() - 1);
  }

  public int size() {
    return records.size();
  }

  public RecordView get(int i) {
    return records.get(i);
  }

  List<RecordView> list() {
    return records;
  }

  /** Releases all records. */
  public void clear() {
    for (RecordView record : held) {
      record.release();
    }
    held.clear();
    segments.clear();
    records.clear();
  }

  @Override
  public void close() {
    clear();
  }
}
