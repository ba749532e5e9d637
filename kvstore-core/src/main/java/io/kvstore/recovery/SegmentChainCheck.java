package io.kvstore.recovery;

import io.kvstore.CorruptStoreException;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentScan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The check that segments are those of one log at one time: that the list names exactly these, that
 * each seal names the next segment, and that the sequences have no gap. No crash breaks any of
 * this; files put together from several times or stores do.
 *
 * <p>It is given the listed segments, and then those behind the list in the order of the log, up to
 * the one that is not sealed.
 */
public final class SegmentChainCheck {
  private static final String MIXED =
      ": files of different times or stores are mixed; put back those of one time, all of them";

  private final SegmentList list;
  private long lastNamed;
  private long sequence;

  /** The secret of the next segment of the chain; 0 if nothing says it. */
  private int next;

  private boolean hasBegun;

  public SegmentChainCheck(SegmentList list) {
    this.list = list;
    this.sequence = list.before();
    this.next = list.next() == null ? 0 : list.next().secret();
  }

  /**
   * Refuses segments that are not of one log at one time.
   *
   * @param segments those that are named, and then the chain up to the one that is not sealed
   */
  static void require(
      SegmentFiles files, DirectoryScan found, List<Segment> segments, List<SegmentScan> scans)
      throws IOException {
    SegmentChainCheck continuity = new SegmentChainCheck(found.list());
    for (int i = 0; i < segments.size(); i++) {
      SegmentHeader header = segments.get(i).header();
      Path file = files.path(header);
      String wrong =
          i < found.whole().size()
              ? continuity.wrongNamed(header, scans.get(i))
              : continuity.wrongNext(header, scans.get(i), file);
      if (wrong != null) {
        throw new CorruptStoreException(file, 0, wrong);
      }
    }
  }

  /** Returns what is wrong with a segment that the list names, and that is sealed; or null. */
  public @Nullable String wrongNamed(SegmentHeader header, SegmentScan scan) {
    if (!list.of(header.kind()).canBe(header.id(), scan.bonds().last().checksum())) {
      return "this is not the segment that the file " + SegmentList.FILE + " names" + MIXED;
    }
    if (scan.lastSequence() > list.before()) {
      return "there is change "
          + scan.lastSequence()
          + ", though the file "
          + SegmentList.FILE
          + " ends at "
          + list.before()
          + MIXED;
    }
    if (header.isCompacted() || scan.lastSequence() == 0) {
      return null;
    }
    long before = lastNamed;
    lastNamed = scan.lastSequence();
    return scan.pin() > before ? null : follows(scan.pin(), before);
  }

  /** Returns what is wrong with the next segment of the chain, or null. */
  public @Nullable String wrongNext(SegmentHeader header, SegmentScan scan, Path file)
      throws IOException {
    int expected = next;
    boolean isFirst = !hasBegun;
    hasBegun = true;
    next = scan.sealed() ? scan.bonds().next() : 0;
    if (expected != 0 && expected != header.secret()) {
      return "this is not the segment that follows " + nameOfBefore(isFirst, header) + MIXED;
    }
    if (isFirst && !isAnchored(scan, file)) {
      return "this is not the segment that the file " + SegmentList.FILE + " goes on with" + MIXED;
    }
    long before = sequence;
    sequence = Math.max(sequence, scan.lastSequence());
    return scan.pin() == 0 || scan.pin() == before + 1 ? null : follows(scan.pin(), before);
  }

  private static String nameOfBefore(boolean isFirst, SegmentHeader header) {
    return isFirst ? "the file " + SegmentList.FILE : "segment " + (header.id() - 1);
  }

  private static String follows(long pin, long before) {
    return "change " + pin + " follows change " + before + MIXED;
  }

  /** What lies behind the whole records is left to those who know what had been synced. */
  private boolean isAnchored(SegmentScan scan, Path file) throws IOException {
    SegmentList.Next first = list.next();
    if (first == null || first.anchor().at() >= scan.end()) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return first.anchor().isIn(channel, first.secret());
    }
  }
}
