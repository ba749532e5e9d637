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

/** Exports all entries of a store as lines of JSON. */
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
   * Exports to a new file, compressed if its name ends in .gz, syncs it, and returns the number of
   * entries. The file is deleted if the export fails.
   */
  long toFile(Path file) throws IOException {
    if (Files.exists(file)) {
      throw new IOException(file + " already exists, and is not overwritten");
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

  /** Exports to a stream, which is not closed, and returns the number of entries. */
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
