package io.kvstore.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Scans segments on as many threads as there are processors, each thread a segment at a time. */
final class ParallelScan {
  /** More threads than this bring nothing: memory is the limit by then. */
  private static final int MAX_THREADS = 16;

  private final SegmentFiles files;
  private final RecoveryTarget target;
  private final LongAdder bytesDone;
  private final List<Segment> segments;
  private final AtomicReferenceArray<@Nullable SegmentScan> scans;
  private final AtomicInteger next = new AtomicInteger();

  ParallelScan(
      SegmentFiles files, RecoveryTarget target, LongAdder bytesDone, List<Segment> segments) {
    this.files = files;
    this.target = target;
    this.bytesDone = bytesDone;
    this.segments = segments;
    this.scans = new AtomicReferenceArray<>(segments.size());
  }

  /** Returns a scan for each segment. */
  List<SegmentScan> run() throws IOException {
    int processors = Runtime.getRuntime().availableProcessors();
    int threads = Math.max(1, Math.min(segments.size(), Math.min(MAX_THREADS, processors)));
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      tasks.add(this::scanSome);
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, task -> StoreThread.of("recover", files.directory(), task));
    try {
      for (Future<Void> done : pool.invokeAll(tasks)) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("can't read the log: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      throw new IOException("a thread of the store was interrupted", e);
    } finally {
      pool.shutdownNow();
    }
    List<SegmentScan> all = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      all.add(Objects.requireNonNull(scans.get(i)));
    }
    return all;
  }

  private @Nullable Void scanSome() throws IOException {
    RecoveryTarget.Visitor visitor = target.visitor();
    SegmentScanner scanner = new SegmentScanner(bytesDone);
    for (int i = next.getAndIncrement(); i < segments.size(); i = next.getAndIncrement()) {
      Segment segment = segments.get(i);
      try (FileChannel channel =
          FileChannel.open(files.path(segment.id()), StandardOpenOption.READ)) {
        scanner.use(channel, segment.header());
        scans.set(i, scanner.scan(i, visitor));
      }
    }
    visitor.finish();
    return null;
  }
}
