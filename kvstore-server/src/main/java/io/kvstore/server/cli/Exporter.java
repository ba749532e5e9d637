package io.kvstore.server.cli;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/** Writes all entries of a store as lines of JSON. */
final class Exporter {
  static final String GZIP_SUFFIX = ".gz";
  static final int BUFFER_BYTES = 64 << 10;

  private final KvStore<byte[], byte[]> store;
  private final ProgressBar bar;

  Exporter(KvStore<byte[], byte[]> store, ProgressBar bar) {
    this.store = store;
    this.bar = bar;
  }

  /**
   * Writes into a new file, compressed if its name says so, syncs it, and returns the number of
   * entries. A file that could not be written to its end is not left behind.
   */
  long toFile(Path file) throws IOException {
    if (Files.exists(file)) {
      throw new IOException(file + " is there already, and is not overwritten");
    }
    OutputStream raw = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    try {
      long entries;
      try (OutputStream to = buffered(file, raw)) {
        entries = to(to);
      }
      try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      return entries;
    } catch (Throwable e) {
      raw.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static OutputStream buffered(Path file, OutputStream raw) throws IOException {
    boolean gzip = file.toString().endsWith(GZIP_SUFFIX);
    OutputStream to = gzip ? new GZIPOutputStream(raw, BUFFER_BYTES) : raw;
    return new BufferedOutputStream(to, BUFFER_BYTES);
  }

  /** Writes, and returns the number of entries; does not close. */
  long to(OutputStream to) throws IOException {
    EntryWriter lines = new EntryWriter(to);
    long total = store.size();
    long entries = 0;
    long bytes = 0;
    for (Entry<byte[], byte[]> entry : store) {
      lines.write(EntryLine.of(entry));
      entries++;
      bytes += entry.key().length + (long) entry.value().length;
      bar.update(entries, total, bytes);
    }
    lines.finish(entries > 0);
    return entries;
  }
}
