package io.kvstore.recovery;

import io.kvstore.CorruptStoreException;
import io.kvstore.files.SealedIds;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentScanner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The segment files of a directory, classified by the {@link SegmentList}: those of the store, and
 * those that a crash has left behind. Reads only.
 *
 * @param list {@link SegmentList#NONE} for a store that was never compacted
 * @param whole headers of the listed segments: all of them are sealed and synced
 * @param chain headers of the newer segments, which follow {@link SegmentList#through} without gaps
 * @param leftovers other files: no longer listed, not listed yet, never used, or not the store's
 */
public record DirectoryScan(
    SegmentList list, List<SegmentHeader> whole, List<SegmentHeader> chain, List<Path> leftovers) {

  public static DirectoryScan in(SegmentFiles files) throws IOException {
    SegmentList read = SegmentList.of(files);
    SegmentList list = read == null ? SegmentList.NONE : read;
    List<Path> leftovers = new ArrayList<>();
    List<SegmentHeader> whole = new ArrayList<>();
    named(files, SegmentHeader.COMPACTED, list.compacted(), whole);
    named(files, SegmentHeader.LOG, list.log(), whole);
    for (Path path : files.list(SegmentHeader.COMPACTED)) {
      if (!list.compacted().contains(SegmentFiles.id(path))) {
        leftovers.add(path);
      }
    }
    List<Path> newer = new ArrayList<>();
    for (Path path : files.list(SegmentHeader.LOG)) {
      long id = SegmentFiles.id(path);
      if (id > list.through()) {
        newer.add(path);
      } else if (!list.log().contains(id)) {
        leftovers.add(path);
      }
    }
    List<SegmentHeader> chain = chain(files, newer, list.through());
    // From the last one backwards, so that a crash meanwhile leaves no gap.
    for (int i = newer.size() - 1; i >= chain.size(); i--) {
      leftovers.add(newer.get(i));
    }
    return new DirectoryScan(list, whole, chain, leftovers);
  }

  private static void named(SegmentFiles files, int kind, SealedIds sealed, List<SegmentHeader> to)
      throws IOException {
    for (long id : sealed.ids()) {
      Path path = files.path(id, kind);
      SegmentHeader header;
      try {
        header = readHeader(path, kind);
      } catch (NoSuchFileException e) {
        header = null;
      }
      if (header == null) {
        throw new CorruptStoreException(
            path, 0, "the file is missing or its header is not whole, and the store needs it");
      }
      to.add(header);
    }
  }

  /**
   * Reads the headers up to the first file that was never used: one without a header and without
   * anything behind it, as a crash leaves it while it is being created.
   */
  private static List<SegmentHeader> chain(SegmentFiles files, List<Path> paths, long through)
      throws IOException {
    List<SegmentHeader> headers = new ArrayList<>();
    for (Path path : paths) {
      long id = through + headers.size() + 1;
      if (SegmentFiles.id(path) != id) {
        throw new CorruptStoreException(
            files.path(id), 0, "the file is missing, though " + path + " is there");
      }
      SegmentHeader header = readHeader(path, SegmentHeader.LOG);
      if (header == null) {
        break;
      }
      headers.add(header);
    }
    for (Path unused : paths.subList(headers.size(), paths.size())) {
      if (hasData(unused)) {
        throw new CorruptStoreException(
            paths.get(headers.size()), 0, "the header of the segment is not whole");
      }
    }
    return headers;
  }

  private static @Nullable SegmentHeader readHeader(Path path, int kind) throws IOException {
    SegmentHeader header = SegmentHeader.read(path);
    if (header != null && (header.id() != SegmentFiles.id(path) || header.kind() != kind)) {
      throw new CorruptStoreException(path, 8, "this is the file of segment " + header.id());
    }
    return header;
  }

  /** Returns whether anything was ever written behind the header. */
  public static boolean hasData(Path path) throws IOException {
    SegmentHeader none = new SegmentHeader(0, Integer.MAX_VALUE, 0, SegmentHeader.LOG);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      SegmentScanner scanner = new SegmentScanner(new LongAdder());
      scanner.use(channel, none);
      return scanner.dataEnd(Segment.HEADER_BYTES) > Segment.HEADER_BYTES;
    }
  }
}
