package io.kvstore.server.cli;

import io.kvstore.KvStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Imports lines of JSON into a store, in their order. */
final class Importer {
  /**
   * The limit of a line: 512 MiB. A value of 64 MiB, the server's default limit, fits however it is
   * escaped; in Base64 380 MiB do.
   */
  static final int MAX_LINE_BYTES = 512 << 20;

  /** The number of skipped lines that are reported one by one; the others are only counted. */
  static final int MAX_DESCRIBED = 20;

  private final KvStore<byte[], byte[]> store;
  private final ProgressBar bar;
  private final @Nullable PrintStream skipped;

  /**
   * @param skipped where skipped lines are reported, or null to stop at the first line that is not
   *     an entry
   */
  Importer(KvStore<byte[], byte[]> store, ProgressBar bar, @Nullable PrintStream skipped) {
    this.store = store;
    this.bar = bar;
    this.skipped = skipped;
  }

  /** The numbers of lines that were stored and skipped. */
  record Imported(long entries, long skipped) {}

  /** Imports a file, decompressed if its name ends in .gz. */
  Imported fromFile(Path file) throws IOException, BadLineException {
    try (CountedInput raw = new CountedInput(Files.newInputStream(file), Files.size(file))) {
      boolean gzip = file.toString().endsWith(Exporter.GZIP_SUFFIX);
      return read(gzip ? new GZIPInputStream(raw, Exporter.BUFFER_BYTES) : raw, raw);
    }
  }

  /** Imports a stream of unknown length, which is not closed. */
  Imported from(InputStream in) throws IOException, BadLineException {
    CountedInput raw = new CountedInput(in, 0);
    return read(raw, raw);
  }

  private Imported read(InputStream in, CountedInput raw) throws IOException, BadLineException {
    LineReader lines = new LineReader(in, MAX_LINE_BYTES);
    long entries = 0;
    long left = 0;
    for (; ; ) {
      try {
        byte[] line = lines.next();
        if (line == null) {
          return new Imported(entries, left);
        }
        EntryReader.read(line).putInto(store);
        entries++;
      } catch (BadLineException e) {
        String what = "line " + lines.number() + " " + e.getMessage();
        if (skipped == null) {
          throw new BadLineException(what + "; " + entries + " lines before it were imported");
        }
        if (left < MAX_DESCRIBED) {
          skipped.println("kvstore: skipped: " + what);
        }
        left++;
      } catch (IOException e) {
        long broken = lines.number() + 1;
        throw new IOException("can't read line " + broken + ": " + e.getMessage(), e);
      }
      bar.update(raw.count(), raw.total());
    }
  }
}
