package io.kvstore.server.cli;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.RepairReport;
import io.kvstore.StoreRepair;
import io.kvstore.StoreVerifier;
import io.kvstore.VerifyReport;
import io.kvstore.codec.Codecs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The commands, each a method: what it is called with, and which status it ends with. Keys and
 * values are bytes to all of them.
 */
@Command(
    name = "store",
    subcommands = {},
    addMethodSubcommands = true)
public final class StoreCommands {
  /** All is well. */
  public static final int DONE = 0;

  /** Done, and something is damaged, or was left out. */
  public static final int INCOMPLETE = 1;

  /** A file of stores whose bytes mean nothing by themselves. */
  private static final String SCHEMAS = "schemas";

  /** Could not be done. */
  public static final int FAILED = 2;

  private static final String DIR = "Directory of a store that nobody has open.";
  private static final String PROGRESS =
      "Show progress on standard error even if it is no terminal.";

  private final Streams streams;

  /** With what the commands read from and write to. */
  public StoreCommands(Streams streams) {
    this.streams = streams;
  }

  @Command(
      name = "verify",
      description = {
        "Read and check every record; change nothing.",
        "Exit status 0: whole. 1: damaged. 2: could not be checked."
      })
  int verify(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Option(names = "--progress", description = PROGRESS) boolean progress)
      throws IOException {
    VerifyReport report;
    try (ProgressBar bar = bar("verify", progress)) {
      report = StoreVerifier.verify(directory, bar::update);
    }
    print(Reports.of(directory, report));
    return report.isWhole() ? DONE : INCOMPLETE;
  }

  @Command(
      name = "repair",
      description = {
        "Copy what is whole into a new store, and list the rest; change nothing in the old one.",
        "Exit status 0: nothing was damaged. 1: what is listed was. 2: could not be done, and what"
            + " may be in the new directory is incomplete."
      })
  int repair(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Parameters(paramLabel = "NEWDIR", description = "Where the new one goes; missing or empty.")
          Path fresh,
      @Option(names = "--progress", description = PROGRESS) boolean progress)
      throws IOException {
    RepairReport report;
    try (ProgressBar bar = bar("repair", progress)) {
      report = StoreRepair.repair(directory, fresh, bar::update);
    }
    print(Reports.of(fresh, report));
    return report.dropped().isEmpty() ? DONE : INCOMPLETE;
  }

  @Command(name = "stats", description = "Open the store and print its counters.")
  int stats(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Option(names = "--json", description = "As one line of JSON; times in milliseconds.")
          boolean json)
      throws IOException {
    try (KvStore<byte[], byte[]> store = existing(directory, ProgressBar.none())) {
      print(json ? Reports.json(store.stats()) : Reports.of(store.stats()));
    }
    return DONE;
  }

  @Command(
      name = "compact",
      description = "Give back the disk space of what was overwritten, deleted or has expired.")
  int compact(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Option(names = "--progress", description = PROGRESS) boolean progress)
      throws IOException {
    try (ProgressBar bar = bar("open", progress);
        KvStore<byte[], byte[]> store = existing(directory, bar)) {
      long before = store.stats().diskBytes();
      store.compact();
      print(Reports.ofCompaction(before, store.stats().diskBytes()));
    }
    return DONE;
  }

  @Command(
      name = "backup",
      description = {
        "Bring a copy of the store up to now, which is a store of its own.",
        "Where there is an earlier backup of this store, only what is new is copied; if that fails,"
            + " the earlier one is still there."
      })
  int backup(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Parameters(
              paramLabel = "NEWDIR",
              description = "Where the copy goes; missing, empty, or an earlier backup.")
          Path to,
      @Option(names = "--progress", description = PROGRESS) boolean progress)
      throws IOException {
    try (ProgressBar bar = bar("open", progress);
        KvStore<byte[], byte[]> store = existing(directory, bar)) {
      print(Reports.of(to, store.backup(to)));
    }
    return DONE;
  }

  @Command(
      name = "export",
      description = {
        "Write all entries as lines of JSON. Bytes that are no UTF-8 are in Base64.",
        "Exit status 1: the store has typed values, which can't be read without its schemas."
      })
  int export(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              description = "New file, compressed if it ends in .gz. Default: standard output.")
          @Nullable Path file,
      @Option(names = "--progress", description = PROGRESS) boolean progress)
      throws IOException {
    long entries;
    try (ProgressBar bar = bar("export", progress);
        KvStore<byte[], byte[]> store = existing(directory, bar)) {
      Exporter exporter = new Exporter(store, bar);
      entries = file == null ? exporter.to(streams.out()) : exporter.toFile(file);
    }
    streams.out().flush();
    streams.err().println("exported " + entries + (entries == 1 ? " entry" : " entries"));
    Path schemas = directory.resolve(SCHEMAS);
    if (!Files.exists(schemas)) {
      return DONE;
    }
    streams
        .err()
        .println(
            "kvstore: typed keys and values can be read with "
                + schemas
                + " only, which is not exported: use backup to copy the store");
    return INCOMPLETE;
  }

  /** What becomes of lines that are no entries. */
  enum OnError {
    STOP,
    SKIP
  }

  @Command(
      name = "import",
      description = {
        "Put entries, as export writes them, into a store, which is created if it is missing.",
        "Exit status 0: all lines are in. 1: some were skipped. 2: stopped at the line it names;"
            + " the lines before are in."
      })
  int importLines(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              description = "Compressed if it ends in .gz. Default: standard input.")
          @Nullable Path file,
      @Option(
              names = "--on-error",
              paramLabel = "stop|skip",
              defaultValue = "STOP",
              description = "What to do at a line that is no entry. Default: stop.")
          OnError onError,
      @Option(names = "--progress", description = PROGRESS) boolean progress)
      throws IOException, BadLineException {
    Importer.Imported imported;
    if (file != null && !Files.isReadable(file)) {
      throw new IOException(file + " is not there, or can't be read");
    }
    try (ProgressBar bar = bar("import", progress);
        KvStore<byte[], byte[]> store = open(directory, bar)) {
      Importer importer = new Importer(store, bar, onError == OnError.SKIP ? streams.err() : null);
      imported = file == null ? importer.from(streams.in()) : importer.fromFile(file);
    }
    String skipped = imported.skipped() == 0 ? "" : ", skipped " + imported.skipped();
    streams.err().println("imported " + imported.entries() + " lines" + skipped);
    return imported.skipped() == 0 ? DONE : INCOMPLETE;
  }

  // ---- what they share

  private ProgressBar bar(String work, boolean always) {
    return always || streams.isTerminal()
        ? ProgressBar.on(streams.err(), work, System::nanoTime)
        : ProgressBar.none();
  }

  /** Opens a store that is there: a name with a slip in it is not to become a new one. */
  private static KvStore<byte[], byte[]> existing(Path directory, ProgressBar bar)
      throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        if (files.findAny().isPresent()) {
          return open(directory, bar);
        }
      }
    }
    throw new KvStoreException(directory + " is not a store: there is nothing");
  }

  /** Opens a store that syncs when it is closed, which every command waits for. */
  private static KvStore<byte[], byte[]> open(Path directory, ProgressBar bar) {
    return KvStore.builder(Codecs.bytes(), Codecs.bytes())
        .directory(directory)
        .durability(Durability.PROCESS)
        .maxValueBytes(KvStoreBuilder.LARGEST_MAX_VALUE_BYTES)
        .openProgress(bar::update)
        .open();
  }

  private void print(String text) throws IOException {
    streams.out().write(text.getBytes(StandardCharsets.UTF_8));
    streams.out().flush();
  }
}
