package io.kvstore.testing;

import static io.kvstore.testing.LogLayout.FILE_HEADER_BYTES;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvstore.testing.LogLayout.Found;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The expected result of opening a damaged store: the entries and the bytes that it cuts, or the
 * damage for which it rejects the store. Derived from the written records and the bytes that are
 * left.
 *
 * @param entries null if the store has to be rejected
 * @param file the file named in the error
 * @param offset the offset named in the error
 */
public record Expectation(
    @Nullable Map<String, String> entries, long cutBytes, @Nullable String file, long offset) {

  private static Expectation refused(String file, long offset) {
    return new Expectation(null, 0, file, offset);
  }

  /** Works out what has to become of a damaged copy of a store that has this history. */
  public static Expectation of(StoreImage whole, StoreImage damaged, History history) {
    return new Reckoning(whole, damaged, history).result();
  }

  /** The derivation of one expectation. */
  private static final class Reckoning {
    private final StoreImage whole;
    private final StoreImage damaged;
    private final History history;
    private final LogLayout layout;
    private final ListFile list;

    /** Of the log, newer than the list. */
    private final List<String> files;

    Reckoning(StoreImage whole, StoreImage damaged, History history) {
      this.whole = whole;
      this.damaged = damaged;
      this.history = history;
      this.layout = LogLayout.of(whole);
      this.list = ListFile.of(whole);
      this.files = list.newer(whole);
    }

    Expectation result() {
      if (whole.has(ListFile.NAME)
          && !(damaged.has(ListFile.NAME)
              && Arrays.equals(whole.bytes(ListFile.NAME), damaged.bytes(ListFile.NAME)))) {
        return refused(ListFile.NAME, 0);
      }
      for (String file : list.named()) {
        if (!hasHeader(file)) {
          return refused(file, 0);
        }
      }
      int headers = 0;
      while (headers < files.size() && hasHeader(files.get(headers))) {
        headers++;
      }
      if (headers < files.size()) {
        String headless = files.get(headers);
        boolean used = files.subList(headers, files.size()).stream().anyMatch(this::hasData);
        boolean awaited = headers > 0 ? isSealed(files.get(headers - 1)) : isListed();
        boolean gap = !damaged.has(headless) && headers < files.size() - 1;
        if (used || awaited || gap) {
          return refused(headless, 0);
        }
        long tail = tailOfHistory();
        if (headers == 0 && tail > 0) {
          return refused(String.format("%010d.segment", tail), 0);
        }
      }
      for (String file : list.named()) {
        if (!isSealed(file)) {
          return refused(file, wholeEnd(file));
        }
      }
      int tail = 0;
      while (tail < headers && isSealed(files.get(tail))) {
        tail++;
      }
      return tail == headers ? opened(lastWhole(headers), 0) : cut(tail, headers);
    }

    /** Returns the segment that the history names, 0 if it names none. */
    private long tailOfHistory() {
      if (!damaged.has("history")) {
        return 0;
      }
      String text = new String(damaged.bytes("history"), US_ASCII);
      Matcher log = Pattern.compile("\\nlog (\\d+) ").matcher(text);
      return log.find() ? Long.parseLong(log.group(1)) : 0;
    }

    private boolean isListed() {
      return whole.has(ListFile.NAME);
    }

    private Expectation cut(int tail, int headers) {
      String file = files.get(tail);
      int end = wholeEnd(file);
      int cut = dataEnd(file) - end;
      for (String later : files.subList(tail + 1, headers)) {
        cut += dataEnd(later) - FILE_HEADER_BYTES;
      }
      long last = lastWhole(tail + 1);
      long synced = list.synced();
      for (Found record : layout.records()) {
        int at = files.indexOf(record.file());
        if (record.type() == LogLayout.MARK
            && at >= 0
            && at < headers
            && LogLayout.survives(record, whole, damaged)) {
          synced = Math.max(synced, record.sequence());
        }
      }
      return synced > last ? refused(file, end) : opened(last, cut);
    }

    private Expectation opened(long changes, long cut) {
      return new Expectation(history.entriesAfter(changes), cut, null, 0);
    }

    private boolean hasHeader(String file) {
      Found header = new Found(file, 0, FILE_HEADER_BYTES, 0, 0, false, 0);
      return damaged.has(file) && LogLayout.survives(header, whole, damaged);
    }

    private boolean hasData(String file) {
      return damaged.has(file) && rawDataEnd(file) > FILE_HEADER_BYTES;
    }

    /** Returns whether all records up to and with the seal are left. */
    private boolean isSealed(String file) {
      List<Found> records = layout.records(file);
      return !records.isEmpty()
          && records.get(records.size() - 1).type() == LogLayout.SEAL
          && wholeEnd(file) == layout.end(file);
    }

    private int wholeEnd(String file) {
      int end = FILE_HEADER_BYTES;
      for (Found record : layout.records(file)) {
        if (!LogLayout.survives(record, whole, damaged)) {
          break;
        }
        end = record.more() ? end : record.end();
      }
      return end;
    }

    private int dataEnd(String file) {
      return isSealed(file) ? layout.end(file) : Math.max(wholeEnd(file), rawDataEnd(file));
    }

    private int rawDataEnd(String file) {
      byte[] bytes = Objects.requireNonNull(damaged.bytes(file));
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] == 0) {
        end--;
      }
      return end;
    }

    /** Returns the last change that is whole up to the first so many segments. */
    private long lastWhole(int segments) {
      long last = list.before();
      for (String file : files.subList(0, segments)) {
        int end = wholeEnd(file);
        for (Found record : layout.records(file)) {
          if (record.isChange() && record.end() <= end) {
            last = record.sequence();
          }
        }
      }
      return last;
    }
  }
}
