package io.kvstore.recovery;

import io.kvstore.KvStoreException;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.DirectoryListing;
import io.kvstore.platform.StoreLogger;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentScan;
import io.kvstore.segment.SegmentScanner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The segment files that the log does not go on with. Those that are certainly useless are deleted:
 * superseded by a compaction, not finished by one, or never written to. All others may be
 * somebody's data, and are renamed.
 */
public final class ObsoleteSegments {
  /** Behind the name of a file that was cut off the log by a power cut, for all one can tell. */
  static final String CUT = ".cut";

  /** Behind the name of a file that belongs to another time, or to another store. */
  static final String STRAY = ".stray";

  /** So many files of earlier cuts are kept: the latest. */
  static final int MAX_CUT = 8;

  /** With more strays than this a store is not opened before somebody has looked at them. */
  static final int MAX_STRAYS = 32;

  private final SegmentFiles files;
  private final SegmentList list;
  private final WriterTags tags;

  /**
   * @param tags those whose compactions may be thrown away
   */
  public ObsoleteSegments(SegmentFiles files, SegmentList list, WriterTags tags) {
    this.files = files;
    this.list = list;
    this.tags = tags;
  }

  /**
   * Returns those of some files that are to be kept under another name.
   *
   * @throws KvStoreException if there would be too many
   */
  public List<Path> strays(List<Path> leftovers) throws IOException {
    List<Path> strays = new ArrayList<>();
    for (Path file : leftovers) {
      if (!isOfNoUse(file)) {
        strays.add(file);
      }
    }
    if (!strays.isEmpty() && strays.size() + renamed(STRAY).size() > MAX_STRAYS) {
      throw new KvStoreException(
          files.directory()
              + " has over "
              + MAX_STRAYS
              + " files that the store does not know, such as "
              + strays.get(0)
              + ": files of different times or stores are mixed; move those away that are not of"
              + " this one, and those that end in "
              + STRAY);
    }
    return strays;
  }

  /** Deletes files, or renames those of them that are strays; later ones last. */
  public void clear(List<Path> leftovers, List<Path> strays) throws IOException {
    if (leftovers.isEmpty()) {
      return;
    }
    // The process may have died before it synced the list that does not name them: a power cut
    // must not bring the list before it back once they are gone.
    files.syncDirectory();
    for (Path file : leftovers) {
      if (strays.contains(file)) {
        Path to = rename(file, STRAY);
        StoreLogger.get()
            .log(
                System.Logger.Level.WARNING,
                "{0} is not of this store, or of another time: it is now {1}",
                file,
                to.getFileName());
      } else {
        StoreLogger.get().log(System.Logger.Level.INFO, "deleting {0}: it is not used", file);
        files.delete(file);
      }
    }
  }

  /** Makes room for a new cut: of those before only the latest files stay. */
  void dropOldCuts() throws IOException {
    List<Path> before = renamed(CUT);
    for (int i = 0; i < before.size() - MAX_CUT; i++) {
      StoreLogger.get().log(System.Logger.Level.INFO, "deleting {0}: it is old", before.get(i));
      files.delete(before.get(i));
    }
  }

  /** Renames a file that is cut off: it may be the only one that has its records. */
  void cut(Path later) throws IOException {
    Path to = rename(later, CUT);
    StoreLogger.get().log(System.Logger.Level.INFO, "{0} is now {1}", later, to.getFileName());
  }

  private Path rename(Path file, String suffix) throws IOException {
    Path to = file.resolveSibling(file.getFileName() + suffix);
    for (int i = 2; Files.exists(to); i++) {
      to = file.resolveSibling(file.getFileName() + suffix + i);
    }
    files.storage().move(file, to);
    return to;
  }

  /** Returns the files that have been given such a name, the oldest first. */
  private List<Path> renamed(String suffix) throws IOException {
    List<Path> renamed = new ArrayList<>();
    for (Path file : DirectoryListing.of(files.directory())) {
      if (file.getFileName().toString().matches(".*\\" + suffix + "\\d*")) {
        renamed.add(file);
      }
    }
    renamed.sort(
        new Comparator<>() {
          @Override
          public int compare(Path a, Path b) {
            return Long.compare(a.toFile().lastModified(), b.toFile().lastModified());
          }
        });
    return renamed;
  }

  /** Returns whether a file has no data. */
  private boolean isOfNoUse(Path file) throws IOException {
    boolean isBlank = !DirectoryScan.hasData(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (isBlank) {
        return SegmentHeader.isStart(RecordFingerprint.read(channel, 0, Segment.HEADER_BYTES));
      }
      SegmentHeader header =
          SegmentHeader.parse(RecordFingerprint.read(channel, 0, Segment.HEADER_BYTES));
      if (header == null
          || header.id() != SegmentFiles.id(file)
          || header.kind() != SegmentFiles.kind(file)) {
        return false;
      }
      SegmentScanner scanner = new SegmentScanner(new LongAdder());
      scanner.use(channel, header);
      SegmentScan scan = scanner.scan(0, SegmentScan.START, RecordVisitor.NOBODY);
      int seal = scan.bonds().last().checksum();
      if (header.isCompacted()) {
        // Without its seal it was never finished, and no list has ever named it.
        boolean isFinished = scan.sealed();
        boolean isOurs = tags.isKnown(scan.bonds().next());
        return !isFinished || isOurs || list.dropped().compacted().isFor(header.id(), seal);
      }
      return scan.sealed() && list.dropped().log().isFor(header.id(), seal);
    }
  }
}
