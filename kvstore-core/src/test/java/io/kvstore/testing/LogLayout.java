package io.kvstore.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The layout of the records in the files of a store, parsed according to the format description,
 * without any of the code under test.
 */
public final class LogLayout {
  public static final int PUT = 1;
  public static final int TOMBSTONE = 2;
  public static final int MARK = 3;
  public static final int SEAL = 4;
  public static final int FILE_HEADER_BYTES = 32;

  private static final int RECORD_HEADER_BYTES = 20;
  private static final int DEADLINE = 1;
  private static final int MORE = 2;
  private static final int LABEL = 4;
  private static final int LONG_BYTES = 1000;
  private static final int EDGE_BYTES = 32;

  /**
   * A whole record.
   *
   * @param more whether the next one belongs to the same batch
   * @param batchOffset the offset of the first record of its batch
   */
  public record Found(
      String file, int offset, int size, int type, long sequence, boolean more, int batchOffset) {
    public int end() {
      return offset + size;
    }

    /** Returns whether it is one of several that count together. */
    public boolean inBatch() {
      return more || batchOffset != offset;
    }

    public boolean isChange() {
      return type == PUT || type == TOMBSTONE;
    }
  }

  private final List<String> files = new ArrayList<>();
  private final List<Found> records = new ArrayList<>();
  private final List<History.Change> changes = new ArrayList<>();

  private LogLayout() {}

  /**
   * Reads each segment that belongs to the store, those that are named first, up to its first bad
   * record, or to the batch that has one.
   */
  public static LogLayout of(StoreImage image) {
    LogLayout layout = new LogLayout();
    ListFile list = ListFile.of(image);
    layout.files.addAll(list.named());
    layout.files.addAll(list.newer(image));
    for (String file : layout.files) {
      layout.read(file, image.bytes(file));
      layout.dropTornBatch();
    }
    return layout;
  }

  private void dropTornBatch() {
    while (!records.isEmpty() && records.get(records.size() - 1).more()) {
      records.remove(records.size() - 1);
      changes.remove(changes.size() - 1);
    }
  }

  private void read(String file, byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int secret = bytes.getInt(20);
    int at = FILE_HEADER_BYTES;
    int batch = at;
    boolean inBatch = false;
    while (at + RECORD_HEADER_BYTES <= content.length && bytes.get(at + 18) != 0) {
      int keyLength = Short.toUnsignedInt(bytes.getShort(at + 16));
      int valueLength = bytes.getInt(at + 4);
      int flags = bytes.get(at + 19);
      int deadlineBytes = (flags & DEADLINE) == 0 ? 0 : 8;
      int size = (RECORD_HEADER_BYTES + keyLength + valueLength + deadlineBytes + 7) / 8 * 8;
      if (valueLength < 0 || at + size > content.length) {
        return;
      }
      CRC32C crc = new CRC32C();
      crc.update(content, at + 4, size - 4);
      if (((int) crc.getValue() ^ secret) != bytes.getInt(at)) {
        return;
      }
      int type = bytes.get(at + 18);
      boolean more = (flags & MORE) != 0;
      batch = inBatch ? batch : at;
      inBatch = more;
      Found found = new Found(file, at, size, type, bytes.getLong(at + 8), more, batch);
      records.add(found);
      if (found.isChange()) {
        int keyAt = at + RECORD_HEADER_BYTES;
        String key = new String(content, keyAt, keyLength, UTF_8);
        int valueAt = keyAt + keyLength;
        int last = valueAt + valueLength - 1;
        int labelBytes = (flags & LABEL) == 0 ? 0 : Byte.toUnsignedInt(content[last]) + 1;
        String value = new String(content, valueAt, valueLength - labelBytes, UTF_8);
        changes.add(new History.Change(key, found.type() == PUT ? value : null));
      }
      at += size;
    }
  }

  /** Returns the names of the files that were read, those that are named first. */
  public List<String> files() {
    return files;
  }

  /** Returns what the changes make without some of them: of each key the latest counts. */
  public Map<String, String> entriesWithout(Set<Found> lost) {
    Map<String, Long> latest = new HashMap<>();
    Map<String, String> entries = new HashMap<>();
    Iterator<History.Change> each = changes.iterator();
    for (Found record : records) {
      if (!record.isChange()) {
        continue;
      }
      History.Change change = each.next();
      if (lost.contains(record) || latest.getOrDefault(change.key(), 0L) > record.sequence()) {
        continue;
      }
      latest.put(change.key(), record.sequence());
      if (change.value() == null) {
        entries.remove(change.key());
      } else {
        entries.put(change.key(), change.value());
      }
    }
    return entries;
  }

  /** Returns all records, those of the files that are named first, and then in their order. */
  public List<Found> records() {
    return records;
  }

  /** Returns the records of one segment. */
  public List<Found> records(String file) {
    return records.stream().filter(record -> record.file().equals(file)).toList();
  }

  /** Returns the changes that the records stand for. */
  public List<History.Change> changes() {
    return changes;
  }

  /** Returns where the whole records of a segment end. */
  public int end(String file) {
    List<Found> of = records(file);
    return of.isEmpty() ? FILE_HEADER_BYTES : of.get(of.size() - 1).end();
  }

  /** Returns whether a byte is in the middle of a long record. */
  public boolean isInLong(String file, int at) {
    return records(file).stream()
        .filter(record -> record.size() > LONG_BYTES)
        .anyMatch(record -> at > record.offset() + EDGE_BYTES && at < record.end() - EDGE_BYTES);
  }

  /** Returns whether a record lies in an image as it lies in the one that was read. */
  static boolean survives(Found record, StoreImage whole, StoreImage damaged) {
    byte[] then = whole.bytes(record.file());
    byte[] now = damaged.bytes(record.file());
    int from = record.offset();
    int to = record.end();
    return to <= now.length && Arrays.equals(then, from, to, now, from, to);
  }
}
