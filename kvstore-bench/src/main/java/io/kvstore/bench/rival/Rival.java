package io.kvstore.bench.rival;

import io.kvstore.Durability;
import io.kvstore.bench.BenchStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The stores that are compared, including kvstore: how each is opened, its JVM flags, and its
 * guarantees.
 */
public enum Rival {
  /** The store. */
  KVSTORE("kvstore", Syncs.EACH_PUT, "defaults: INTERVAL, 5 s"),
  /** The JDK's concurrent hash map, without a disk. */
  MAP("ConcurrentHashMap", Syncs.NO_FILES, "nothing to set"),
  /** A cache that all entries fit into. */
  CAFFEINE("Caffeine", Syncs.NO_FILES, "maximumSize of twice the entries"),
  /** The B-tree of H2. */
  MVSTORE("MVStore", Syncs.EACH_PUT, "commit every second (default), sync every 5 s, cache 1 GiB"),
  /** A hash map in a mapped file. */
  MAPDB("MapDB", Syncs.EACH_PUT, "mapped file, no transactions, no sync before close"),
  /** A hash map in a mapped file. */
  CHRONICLE(
      "Chronicle Map",
      Syncs.NEVER,
      "persisted, constant key and value sizes, putReturnsNull; it has no sync",
      "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
      "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
      "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
      "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
      "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
      "--add-opens=java.base/java.lang=ALL-UNNAMED",
      "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
      "--add-opens=java.base/java.io=ALL-UNNAMED",
      "--add-opens=java.base/java.util=ALL-UNNAMED",
      "--add-opens=java.base/java.nio=ALL-UNNAMED",
      "-Dchronicle.analytics.disable=true"),
  /** An LSM tree in C++. */
  ROCKSDB(
      "RocksDB",
      Syncs.EACH_PUT,
      "options of Setup Options and Basic Tuning, block cache 1 GiB, log synced every 5 s"),
  /** A B-tree in a mapped file, in C. */
  LMDB(
      "LMDB",
      Syncs.EACH_PUT,
      "a transaction a put, MDB_NOSYNC and a sync every 5 s, read transactions renewed",
      "--add-opens=java.base/java.nio=ALL-UNNAMED",
      "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"),
  /** A B-tree in a log. */
  XODUS("Xodus", Syncs.EACH_PUT, "a transaction a put, sync every 5 s, memory 1 GiB"),
  /** A B-tree in a log. */
  JE(
      "Berkeley DB JE",
      Syncs.EACH_PUT,
      "a transaction a put, COMMIT_WRITE_NO_SYNC, sync every 5 s, cache 1 GiB");

  /** Cache size of each rival with its own cache. */
  static final int CACHE_MEBIBYTES = 1024;

  private enum Syncs {
    NO_FILES,
    NEVER,
    EACH_PUT
  }

  private final String label;
  private final Syncs syncs;
  private final String settings;

  @SuppressWarnings("ImmutableEnumChecker") // a List.of
  private final List<String> jvmFlags;

  Rival(String label, Syncs syncs, String settings, String... jvmFlags) {
    this.label = label;
    this.syncs = syncs;
    this.settings = settings;
    this.jvmFlags = List.of(jvmFlags);
  }

  /** Returns the name that results have. */
  public String label() {
    return label;
  }

  /** Returns a phrase that describes its settings without a sync for each put. */
  public String settings() {
    return settings;
  }

  /** Returns the JVM flags that its documentation asks for. */
  public List<String> jvmFlags() {
    return jvmFlags;
  }

  /** Returns the JVM flags of all rivals together: they do not conflict. */
  public static List<String> allJvmFlags() {
    return Stream.of(values()).flatMap(rival -> rival.jvmFlags.stream()).distinct().toList();
  }

  /** Returns whether it is persistent. */
  public boolean isPersistent() {
    return syncs != Syncs.NO_FILES;
  }

  /**
   * Returns whether a put returns only after a sync that covers it, when it is opened as {@link
   * StoreSpec#durable}: counted by strace, not taken from a manual.
   */
  public boolean reallySyncs() {
    return syncs == Syncs.EACH_PUT;
  }

  /** Returns the version: that of the JDK for classes of the JDK. */
  public String version() {
    return Objects.requireNonNull(
        Versions.ALL.getProperty(name(), System.getProperty("java.version")), name());
  }

  /** Opens the store in the directory, which may have its files already. */
  public BenchStore open(StoreSpec spec) {
    return switch (this) {
      case KVSTORE ->
          BenchStore.kvstore(
              spec.directory(), spec.durable() ? Durability.SYNC : Durability.INTERVAL);
      case MAP -> new MapStore(new ConcurrentHashMap<>());
      case CAFFEINE -> CaffeineStore.open(spec);
      case MVSTORE -> MvStoreStore.open(spec);
      case MAPDB -> MapDbStore.open(spec);
      case CHRONICLE -> ChronicleStore.open(spec);
      case ROCKSDB -> RocksDbStore.open(spec);
      case LMDB -> LmdbStore.open(spec);
      case XODUS -> XodusStore.open(spec);
      case JE -> BerkeleyStore.open(spec);
    };
  }

  private static final class Versions {
    private static final Properties ALL = read();

    private static Properties read() {
      try (InputStream in = Rival.class.getResourceAsStream("versions.properties")) {
        Properties versions = new Properties();
        versions.load(Objects.requireNonNull(in, "versions.properties"));
        return versions;
      } catch (IOException e) {
        throw new UncheckedIOException("can't read versions.properties", e);
      }
    }
  }
}
