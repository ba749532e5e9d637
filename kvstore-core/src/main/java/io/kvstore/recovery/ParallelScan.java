package io.kvstore.recovery;

import io.kvstore.files.SegmentFiles;
import io.kvstore.platform.StoreThread;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentScan;
import io.kvstore.segment.SegmentScanner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A scan of all segments by as many threads as there are processors, one segment at a time each.
 */
public final class ParallelScan {
  private final SegmentFiles files;
  private final RecoveryTarget target;
  private final LongAdder bytesDone;
  private final List<Segment> segments;
  private final List<SegmentScan> starts;
  private final AtomicReferenceArray<@Nullable SegmentScan> scans;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param starts for each segment, what is known of it
   */
  ParallelScan(
      SegmentFiles files,
      RecoveryTarget target,
      LongAdder bytesDone,
      List<Segment> segments,
      List<SegmentScan> starts) {
    this.files = files;
    this.target = target;
    this.bytesDone = bytesDone;
    this.segments = segments;
    this.starts = starts;
    this.scans = new AtomicReferenceArray<>(segments.size());
  }

  /** Returns a scan for each segment. */
  List<SegmentScan> run() throws IOException {
    StoreThread.runParallel(
        "recover",
        files.directory(),
        segments.size(),
        new StoreThread.Work() {
          @Override
          public void run() throws IOException {
            scanSome();
          }
        });
    List<SegmentScan> all = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      all.add(Objects.requireNonNull(scans.get(i)));
    }
    return all;
  }

  private void scanSome() throws IOException {
    RecordVisitor visitor = target.visitor();
    SegmentScanner scanner = new SegmentScanner(bytesDone);
    for (int i = next.getAndIncrement(); i < segments.size(); i = next.getAndIncrement()) {
      Segment segment = segments.get(i);
      if (starts.get(i).sealed()) {
        scans.set(i, starts.get(i));
        continue;
      }
      try (FileChannel channel =
          FileChannel.open(files.path(segment.header()), StandardOpenOption.READ)) {
        scanner.use(channel, segment.header());
        scans.set(i, scanner.scan(segment.place(), starts.get(i), visitor));
      }
    }
    visitor.finish();
  }
}
