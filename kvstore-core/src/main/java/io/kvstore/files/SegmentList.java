package io.kvstore.files;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvstore.CorruptStoreException;
import io.kvstore.platform.TextChecksum;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The list of the segments of a store that has been compacted (its manifest), in a small text file.
 * Replacing the file commits a compaction: before that the old segments are valid, afterwards the
 * new ones.
 *
 * @param through ids of the log above it are newer than the file and go on without gaps
 * @param before the last change in the log up to {@code through}
 * @param synced the highest change that is known to have been synced
 * @param next the first newer segment of the log; null if the list was written by a version without
 *     it
 * @param log the remaining ids up to {@code through}; all of them are sealed and synced
 * @param compacted the ids of the compacted segments
 * @param dropped superseded segments whose files may still exist
 */
public record SegmentList(
    long through,
    long before,
    long synced,
    @Nullable Next next,
    SealedIds log,
    SealedIds compacted,
    Dropped dropped) {
  public static final String FILE = "segments";

  /** The list of a store without the file. */
  public static final SegmentList NONE =
      new SegmentList(0, 0, 0, null, new SealedIds(), new SealedIds(), Dropped.none());

  private static final Pattern TEXT =
      Pattern.compile(
          "(kvstore segments\\nthrough (\\d{1,18})\\nbefore (\\d{1,18})\\nsynced (\\d{1,18})\\n"
              + "(?:next ([0-9a-f]{8}) (\\d{1,9}) ([0-9a-f]{8})\\n)?"
              // No repeated group, since matching one takes stack for every id.
              + "log([ \\da-f:-]*)\\ncompacted([ \\da-f:-]*)\\n"
              + "(?:dropped([ \\da-f:]*)\\ndropped-compacted([ \\da-f:]*)\\n)?)"
              + "checksum ([0-9a-f]{8})\\n");

  /**
   * The active segment at the time when the list was written.
   *
   * @param anchor a record of it that had been synced
   */
  public record Next(int secret, RecordFingerprint anchor) {}

  /** The dropped segments: of the log, and compacted ones. */
  public record Dropped(SealedIds log, SealedIds compacted) {
    public static Dropped none() {
      return new Dropped(new SealedIds(), new SealedIds());
    }

    /** Adds sealed segments. */
    public void addAll(List<Segment> segments) {
      for (Segment segment : segments) {
        add(segment.header().kind(), segment.id(), segment.last().checksum());
      }
    }

    public void add(int kind, long id, int seal) {
      (kind == SegmentHeader.COMPACTED ? compacted : log).add(id, seal);
    }
  }

  /**
   * Returns whether this stands for a file that is missing. Not by equality, which the JDK links at
   * its first use: that would be while a store is opened, and takes 20 ms of it.
   */
  @SuppressWarnings("ReferenceEquality")
  public boolean isNone() {
    return this == NONE;
  }

  /**
   * Returns the list of a directory, or null if the store was never compacted and needs none.
   *
   * @throws CorruptStoreException if the list is not what was written, or missing
   */
  public static @Nullable SegmentList of(SegmentFiles files) throws IOException {
    SegmentList list = read(files.directory());
    // The output of the first compaction, before there is a list, leaves no gap in the log yet.
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
  public static @Nullable SegmentList read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    byte[] bytes = Files.readAllBytes(file);
    Matcher text = TEXT.matcher(new String(bytes, US_ASCII));
    if (!text.matches() || !text.group(12).equals(TextChecksum.of(text.group(1)))) {
      throw new CorruptStoreException(file, 0, "the list of segments is not what was written");
    }
    SegmentList list;
    try {
      list = parse(text);
    } catch (IllegalArgumentException e) {
      throw new CorruptStoreException(file, 0, "the list of segments can't be read");
    }
    boolean isOfFormat2 = text.group(10) == null;
    if (!isOfFormat2 && !Arrays.equals(bytes, list.toBytes().array())) {
      throw new CorruptStoreException(file, 0, "the list of segments is malformed");
    }
    return list;
  }

  private static SegmentList parse(Matcher text) {
    return new SegmentList(
        Long.parseLong(text.group(2)),
        Long.parseLong(text.group(3)),
        Long.parseLong(text.group(4)),
        next(text),
        SealedIds.parse(text.group(8)),
        SealedIds.parse(text.group(9)),
        text.group(10) == null
            ? Dropped.none()
            : new Dropped(SealedIds.parse(text.group(10)), SealedIds.parse(text.group(11))));
  }

  private static @Nullable Next next(Matcher text) {
    if (text.group(5) == null) {
      return null;
    }
    int secret = HexFormat.fromHexDigits(text.group(5));
    int at = Integer.parseInt(text.group(6));
    return new Next(secret, new RecordFingerprint(at, HexFormat.fromHexDigits(text.group(7))));
  }

  /** Returns the listed ids of a kind. */
  public SealedIds of(int kind) {
    return kind == SegmentHeader.COMPACTED ? compacted : log;
  }

  public ByteBuffer toBytes() {
    // Not formatted with %d, which uses the digits of the default locale.
    HexFormat hex = HexFormat.of();
    StringBuilder body = new StringBuilder("kvstore segments\n");
    body.append("through ").append(through).append('\n');
    body.append("before ").append(before).append('\n');
    body.append("synced ").append(synced).append('\n');
    if (next != null) {
      body.append("next ").append(hex.toHexDigits(next.secret())).append(' ');
      body.append(next.anchor().at()).append(' ');
      body.append(hex.toHexDigits(next.anchor().checksum())).append('\n');
    }
    body.append("log").append(log).append("\ncompacted").append(compacted);
    body.append("\ndropped").append(dropped.log());
    body.append("\ndropped-compacted").append(dropped.compacted()).append('\n');
    String checksum = "checksum " + TextChecksum.of(body.toString()) + "\n";
    return ByteBuffer.wrap(body.append(checksum).toString().getBytes(US_ASCII));
  }
}
