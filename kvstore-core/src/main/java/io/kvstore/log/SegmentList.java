package io.kvstore.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvstore.CorruptStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which segments belong to a store that has been compacted, in a small text file. Replacing it is
 * the moment at which a compaction happens: before it the old segments count, and then the new.
 *
 * @param through ids of the log above it are newer than the file and go on without gaps
 * @param before the last change in the log up to there
 * @param synced the highest change that is known to have been synced
 * @param log the ids up to {@code through} that are left; all of them are sealed and synced
 * @param compacted the ids of the compacted segments
 */
record SegmentList(
    long through, long before, long synced, SortedSet<Long> log, SortedSet<Long> compacted) {
  static final String FILE = "segments";

  /** What holds where there is no file. */
  static final SegmentList NONE = new SegmentList(0, 0, 0, new TreeSet<>(), new TreeSet<>());

  private static final Pattern TEXT =
      Pattern.compile(
          "kvstore segments\\nthrough (\\d{1,18})\\nbefore (\\d{1,18})\\nsynced (\\d{1,18})\\n"
              // No repeated group: matching one takes stack for every id.
              + "log([ \\d-]*)\\ncompacted([ \\d-]*)\\nchecksum [0-9a-f]{8}\\n");

  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18}))?");

  /**
   * Returns the list of a directory, or null if it needs none: it was never compacted.
   *
   * @throws CorruptStoreException if the list is not what was written, or missing
   */
  static @Nullable SegmentList of(SegmentFiles files) throws IOException {
    SegmentList list = read(files.directory());
    // What the first compaction writes, before there is a list, leaves no gap in the log yet.
    if (list == null && !files.list(SegmentHeader.COMPACTED).isEmpty() && hasGap(files)) {
      throw new CorruptStoreException(
          files.directory().resolve(FILE), 0, "the list of segments is missing");
    }
    return list;
  }

  private static boolean hasGap(SegmentFiles files) throws IOException {
    List<Path> log = files.list(SegmentHeader.LOG);
    return log.isEmpty() || SegmentFiles.id(log.get(log.size() - 1)) != log.size();
  }

  /** Returns the list of a directory, or null if it has none. */
  static @Nullable SegmentList read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    byte[] bytes = Files.readAllBytes(file);
    SegmentList list = parse(new String(bytes, US_ASCII));
    if (list == null || !Arrays.equals(bytes, list.toBytes().array())) {
      throw new CorruptStoreException(file, 0, "the list of segments is not what was written");
    }
    return list;
  }

  /** Returns what a text says, which may be said in other words than ours, or null if nothing. */
  private static @Nullable SegmentList parse(String file) {
    Matcher text = TEXT.matcher(file);
    if (!text.matches()) {
      return null;
    }
    SortedSet<Long> log = ids(text.group(4));
    SortedSet<Long> compacted = ids(text.group(5));
    if (log == null || compacted == null) {
      return null;
    }
    return new SegmentList(
        Long.parseLong(text.group(1)),
        Long.parseLong(text.group(2)),
        Long.parseLong(text.group(3)),
        log,
        compacted);
  }

  /** Returns the highest id of a compacted segment, 0 if there is none. */
  long lastCompacted() {
    return compacted.isEmpty() ? 0 : compacted.last();
  }

  /** Returns the ids in ranges, or null if there are none such, or more than a store can have. */
  private static @Nullable SortedSet<Long> ids(String ranges) {
    SortedSet<Long> ids = new TreeSet<>();
    for (String range : ranges.isEmpty() ? new String[0] : ranges.substring(1).split(" ", -1)) {
      Matcher text = RANGE.matcher(range);
      if (!text.matches()) {
        return null;
      }
      long first = Long.parseLong(text.group(1));
      long last = text.group(2) == null ? first : Long.parseLong(text.group(2));
      if (last - first >= Location.MAX_SEGMENTS - ids.size()) {
        return null;
      }
      for (long id = first; id <= last; id++) {
        ids.add(id);
      }
    }
    return ids;
  }

  private static String ranges(SortedSet<Long> ids) {
    StringBuilder text = new StringBuilder();
    long first = 0;
    long last = -1;
    for (long id : ids) {
      if (id != last + 1 || last < 0) {
        append(text, first, last);
        first = id;
      }
      last = id;
    }
    append(text, first, last);
    return text.toString();
  }

  private static void append(StringBuilder text, long first, long last) {
    if (last >= 0) {
      text.append(' ').append(first);
      if (last > first) {
        text.append('-').append(last);
      }
    }
  }

  ByteBuffer toBytes() {
    // No format with %d: it has the digits of the default locale, which need not be ASCII.
    StringBuilder body = new StringBuilder("kvstore segments\n");
    body.append("through ").append(through).append('\n');
    body.append("before ").append(before).append('\n');
    body.append("synced ").append(synced).append('\n');
    body.append("log").append(ranges(log)).append('\n');
    body.append("compacted").append(ranges(compacted)).append('\n');
    String checksum = "checksum " + TextChecksum.of(body.toString()) + "\n";
    return ByteBuffer.wrap(body.append(checksum).toString().getBytes(US_ASCII));
  }
}
