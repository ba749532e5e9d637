package io.kvstore.bench.jmh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;

/**
 * Reads files and computes the CRC-32C of each: the baseline for opening a store.
 *
 * <p>As many threads as there are processors share the files, each with its own direct buffer.
 */
final class ChecksumReader {
  private static final int BUFFER_BYTES = 1 << 20;

  private ChecksumReader() {}

  /** Returns the sum of the checksums, so that the compiler cannot leave them out. */
  static long read(List<Path> files) throws InterruptedException, ExecutionException {
    Queue<Path> left = new ConcurrentLinkedQueue<>(files);
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService readers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Long>> sums = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        sums.add(readers.submit(() -> readAll(left)));
      }
      long sum = 0;
      for (Future<Long> each : sums) {
        sum += each.get();
      }
      return sum;
    } finally {
      readers.shutdownNow();
    }
  }

  private static long readAll(Queue<Path> left) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    long sum = 0;
    for (Path file = left.poll(); file != null; file = left.poll()) {
      sum += checksum(file, buffer);
    }
    return sum;
  }

  private static long checksum(Path file, ByteBuffer buffer) throws IOException {
    CRC32C checksum = new CRC32C();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(buffer.clear()) >= 0) {
        checksum.update(buffer.flip());
      }
    }
    return checksum.getValue();
  }
}
