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
 * The subcommands, each a method with its parameters and its exit status. Keys and values are bytes
 * to all of them.
 */
@Command(
    name = "store",
    subcommands = {},
    addMethodSubcommands = true)
public final class StoreCommands {
  /** The exit status of success. */
  public static final int DONE = 0;

  /** The exit status of success with something damaged or left out. */
  public static final int INCOMPLETE = 1;

  /** The file of stores with typed values, whose bytes can't be read without it. */
  private static final String SCHEMAS = "schemas";

  /** The exit status of a failure. */
  public static final int FAILED = 2;

  private static final String DIR = "Directory of a store that no process has open.";
  private static final String PROGRESS =
      "Show progress on standard error even if it is not a terminal.";

  private final Streams streams;

  /**
   * @param streams what the commands read from and write to
   */
  public StoreCommands(Streams streams) {
    this.streams = streams;
  }

  @Command(
      name = "verify",
      description = {
        "Read and check every record, without changing anything.",
        "Exit status 0: no damage. 1: damaged. 2: could not be checked."
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
        "Copy all intact records into a new store, and list the rest; change nothing in the old.",
        "Exit status 0: no damage. 1: damage as listed. 2: failure; the new directory may be"
            + " incomplete."
      })
  int repair(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Parameters(
              paramLabel = "NEWDIR",
              description = "Directory of the new store; missing or empty.")
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

  @Command(name = "stats", description = "Open the store and print its statistics.")
  int stats(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Option(names = "--json", description = "Print one line of JSON; times in milliseconds.")
          boolean json)
      throws IOException {
    try (KvStore<byte[], byte[]> store = existing(directory, ProgressBar.none())) {
      print(json ? Reports.json(store.stats()) : Reports.of(store.stats()));
    }
    return DONE;
  }

  @Command(
      name = "compact",
      description = "Reclaim the disk space of overwritten, deleted and expired entries.")
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
        "Create or update a backup, which is a store of its own.",
        "If there is an earlier backup of this store, only changes are copied; if that fails,"
            + " the earlier backup remains."
      })
  int backup(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Parameters(
              paramLabel = "NEWDIR",
              description = "Directory of the backup; missing, empty, or an earlier backup.")
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
        "Write all entries as lines of JSON. Bytes that are not UTF-8 are in Base64.",
        "Exit status 1: the store has typed values, which can't be read without its schemas."
      })
  int export(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              description =
                  "New file, compressed if its name ends in .gz. Default: standard output.")
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

  /** The handling of lines that are not entries. */
  enum OnError {
    STOP,
    SKIP
  }

  @Command(
      name = "import",
      description = {
        "Put the entries of an export into a store, which is created if it is missing.",
        "Exit status 0: all lines imported. 1: some were skipped. 2: stopped at the reported line;"
            + " the lines before it were imported."
      })
  int importLines(
      @Parameters(paramLabel = "DIR", description = DIR) Path directory,
      @Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              description =
                  "File to read, compressed if its name ends in .gz. Default: standard input.")
          @Nullable Path file,
      @Option(
              names = "--on-error",
              paramLabel = "stop|skip",
              defaultValue = "STOP",
              description = "What to do at a line that is not an entry. Default: stop.")
          OnError onError,
      @Option(names = "--progress", description = PROGRESS) boolean progress)
      throws IOException, BadLineException {
    Importer.Imported imported;
    if (file != null && !Files.isReadable(file)) {
      throw new IOException(file + " does not exist, or can't be read");
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

  // ---- shared by the commands

  private ProgressBar bar(String work, boolean always) {
    return always || streams.isTerminal()
        ? ProgressBar.on(streams.err(), work, System::nanoTime)
        : ProgressBar.none();
  }

  /** Opens an existing store: a mistyped name must not create a new one. */
  private static KvStore<byte[], byte[]> existing(Path directory, ProgressBar bar)
      throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        if (files.findAny().isPresent()) {
          return open(directory, bar);
        }
      }
    }
    throw new KvStoreException(directory + " is not a store: nothing is there");
  }

  /** Opens a store in the mode that syncs on close, which every command waits for. */
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
