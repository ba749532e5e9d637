package io.kvstore.compaction;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.StoreFullException;
import io.kvstore.StoreStats;
import io.kvstore.files.SegmentList;
import io.kvstore.files.SegmentSizes;
import io.kvstore.log.HeapWriter;
import io.kvstore.log.Log;
import io.kvstore.log.LogParts;
import io.kvstore.log.LogWriter;
import io.kvstore.log.Publisher;
import io.kvstore.log.RecoveredLog;
import io.kvstore.log.SegmentSource;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.WriteFailure;
import io.kvstore.record.Location;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordWriter;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A log on the heap with an index, for compaction tests; a round can be made to fail at any step.
 */
final class CompactedLog {
  private static final int SEGMENT_BYTES = 4096;
  public static final int KEYS = 60;

  /** What a file of a compacted segment takes more than its segment. */
  private static final int SLACK_BYTES = 64;

  /** The steps at which a round can fail. */
  enum Place {
    CREATE,
    WRITE,
    FINISH,
    MOVED,
    COMMIT,
    LISTED
  }

  final SegmentTable segments = new SegmentTable();
  final Index index = new Index();
  final NotedFiles files = new NotedFiles();
  final Map<String, Integer> expected = new TreeMap<>();
  final CheckedWriter writer = new CheckedWriter();
  final Log log;
  final Compaction compaction;
  @Nullable Place failing;

  void fail(Place place) {
    if (failing == place) {
      failing = null;
      throw new IllegalStateException(place.name());
    }
  }

  /** The location of the entry of each key. */
  final class Index implements IndexAccess {
    final Map<Long, Long> locations = new HashMap<>();
    Runnable onHash = () -> {};
    int settled;

    @Override
    public void settle() {
      settled++;
    }

    @Override
    public long hash(byte[] key, int length) {
      onHash.run();
      return Long.parseLong(new String(key, 0, length, US_ASCII));
    }

    @Override
    public long fetch(long[] hashes, int count) {
      return 0;
    }

    @Override
    public boolean isLive(long hash, long location) {
      return locations.getOrDefault(hash, -1L) == location;
    }

    @Override
    public boolean pointsInto(int place, int from, int to) {
      return locations.values().stream().anyMatch(at -> Location.isWithin(at, place, from, to));
    }

    @Override
    public long oldestSnapshot() {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean hasEntry(long hash, byte[] key) {
      return locations.containsKey(hash);
    }

    @Override
    public void moved(Relocations moves) {
      for (int i = 0; i < moves.count(); i++) {
        if (moves.inIndex(i)) {
          assertThat(locations.put(moves.hash(i), moves.to(i))).isEqualTo(moves.from(i));
          moves.done(i);
          fail(Place.MOVED);
        }
      }
    }

    @Override
    public void revert(Relocations moves) {
      for (int i = 0; i < moves.count(); i++) {
        if (moves.isDone(i)) {
          locations.put(moves.hash(i), moves.from(i));
        }
      }
    }
  }

  /** Files in memory, with injected failures. */
  final class NotedFiles implements CompactedFiles {
    private final CompactedFiles buffers = new CompactedBuffers();
    final List<SegmentList> lists = new ArrayList<>();
    final List<Segment> deleted = new ArrayList<>();
    Runnable onFinish = () -> {};
    boolean canDelete = true;
    int abandoned;
    int syncsBefore;
    int cleared;
    long spareBytes;

    @Override
    public Output create(int capacity) throws IOException {
      fail(Place.CREATE);
      Output output = buffers.create(capacity);
      return new Output() {
        @Override
        public SegmentHeader header() {
          return output.header();
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
          fail(Place.WRITE);
          output.write(bytes);
        }

        @Override
        public Segment finish() throws IOException {
          fail(Place.FINISH);
          onFinish.run();
          Segment segment = output.finish();
          segment.fileOf(segment.capacity() + SLACK_BYTES);
          return segment;
        }

        @Override
        public void abandon() {
          abandoned++;
        }
      };
    }

    @Override
    public void commit(SegmentList list, Runnable listed) {
      syncsBefore = writer.syncs;
      fail(Place.COMMIT);
      listed.run();
      lists.add(list);
      fail(Place.LISTED);
    }

    @Override
    public long usableBytes() {
      return Long.MAX_VALUE;
    }

    @Override
    public List<Segment> delete(List<Segment> gone, SegmentTable table, long diskBytes) {
      deleted.addAll(gone);
      return canDelete ? List.of() : List.copyOf(gone);
    }

    @Override
    public long unreleasedBytes() {
      return 5;
    }

    @Override
    public long spareBytes() {
      return spareBytes;
    }

    @Override
    public void clearSpares() {
      cleared++;
      spareBytes = 0;
    }
  }

  CompactedLog(long maxBytes) {
    this(maxBytes, EventDispatcher.NONE);
  }

  CompactedLog(long maxBytes, EventDispatcher events) {
    SegmentSizes sizes = new SegmentSizes(SEGMENT_BYTES, maxBytes, true);
    LogParts parts =
        new LogParts(
            new PathSegments(), writer, sizes, events, new WriteFailure(events), WriterTags.NONE);
    log = new Log(RecoveredLog.empty(segments), parts);
    log.start(
        new Publisher() {
          @Override
          public void publish(LogRecord change) {}

          @Override
          public void publish(List<LogRecord> batch) {}
        },
        () -> {});
    compaction =
        new Compaction(new Compaction.Parts(log, files, true, events, WriterTags.NONE), index);
  }

  /** Segments on the heap with names of files. */
  private static final class PathSegments implements SegmentSource {
    private long lastId;
    private @Nullable Segment ready;

    @Override
    public void start() {}

    @Override
    public void prepare(int capacity) {}

    @Override
    public Segment next(int capacity, SegmentTable segments) {
      Segment known = ready;
      if (known != null) {
        return known;
      }
      long id = lastId + 1;
      SegmentHeader header = new SegmentHeader(id, capacity, (int) id * 77, SegmentHeader.LOG);
      Segment segment =
          new Segment(header, Path.of(id + ".segment"), ByteBuffer.allocate(capacity), null);
      segments.stage(segment);
      ready = segment;
      return segment;
    }

    @Override
    public void taken() {
      ready = null;
      lastId++;
    }

    @Override
    public boolean hasRoom(int capacity) {
      return true;
    }

    @Override
    public void discardAbove(int capacity) {}

    @Override
    public long preparedBytes() {
      return 0;
    }

    @Override
    public void close() {}
  }

  /** A writer of records with checksums, which counts the syncs. */
  public static final class CheckedWriter implements LogWriter {
    private final HeapWriter heap = new HeapWriter();
    private final RecordWriter records = new RecordWriter();
    int syncs;
    boolean isRefusing;

    @Override
    public void start(Log log, Publisher publisher) {}

    @Override
    public void awaitRoom() {}

    @Override
    public void write(Segment segment, LogRecord record) {
      records.write(segment.writable(), segment.end(), record, segment.secret());
    }

    @Override
    public void write(Segment segment, List<LogRecord> batch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sealed(Segment segment) {}

    @Override
    public boolean leavesUnsynced() {
      return false;
    }

    @Override
    public int readableEnd(Segment segment) {
      return segment.end();
    }

    @Override
    public boolean publishesLater() {
      return false;
    }

    @Override
    public CompletableFuture<Void> sync() {
      syncs++;
      return isRefusing
          ? CompletableFuture.failedFuture(new IOException("refused"))
          : CompletableFuture.completedFuture(null);
    }

    @Override
    public StoreStats.Syncs syncs() {
      return heap.syncs();
    }

    @Override
    public void close() {}
  }

  public static byte[] key(int i) {
    return "%08d".formatted(i).getBytes(US_ASCII);
  }

  void put(int key, int value) {
    byte[] bytes = new byte[100];
    bytes[0] = (byte) value;
    append(key, LogRecord.put(key(key), bytes));
    expected.put("%08d".formatted(key), (int) bytes[0]);
  }

  void delete(int key) {
    append(key, LogRecord.tombstone(key(key)));
    expected.remove("%08d".formatted(key));
  }

  void append(int key, LogRecord record) {
    log.append(record);
    Long before =
        record.isTombstone()
            ? index.locations.remove((long) key)
            : index.locations.put((long) key, record.location());
    if (before != null) {
      segments.at(before).becomeStale();
    }
  }

  /** Fills some segments, two thirds of which are stale. */
  void fill() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < KEYS; i++) {
        put(i, round);
      }
    }
    delete(1);
  }

  /** Fills segments, each half stale, until a put finds no room. */
  void fillToTheLimit() {
    try {
      for (int i = 0; ; i++) {
        put(i % 2 == 0 ? 0 : i, i);
      }
    } catch (StoreFullException e) {
      // as it is to be
    }
  }

  void requireAll() {
    Map<String, Integer> found = new TreeMap<>();
    index.locations.forEach(
        (hash, location) -> {
          RecordView record = Objects.requireNonNull(segments.find(location));
          assertThat(record.key()).isEqualTo(key((int) (long) hash));
          found.put("%08d".formatted(hash), (int) record.value()[0]);
        });
    assertThat(found).isEqualTo(expected);
  }

  public static List<Long> ids(List<Segment> all, boolean compacted) {
    return all.stream().filter(s -> s.isCompacted() == compacted).map(Segment::id).toList();
  }

  long bytesOfSegments() {
    return segments.list().stream().mapToLong(Segment::diskBytes).sum();
  }

  boolean round() throws IOException {
    return compaction.round(CompactionGoal.ALL);
  }
}
