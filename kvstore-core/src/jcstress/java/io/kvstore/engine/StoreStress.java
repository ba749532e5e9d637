package io.kvstore.engine;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.codec.Codecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Records that are appended to segments beside readers, in stores that all share: segments are so
 * small that they are sealed, compacted and dropped all the time.
 */
public final class StoreStress {
  private static final int ABSENT = -1;
  private static final int OTHER = -2;

  private static final AtomicLong KEYS = new AtomicLong();

  private StoreStress() {}

  /** A key of its own, with the first value. */
  abstract static class OneKey {
    private final KvStore<String, String> store;
    private final String key = "key " + KEYS.incrementAndGet();

    OneKey(KvStore<String, String> store) {
      this.store = store;
      put(1);
    }

    final void put(int value) {
      store.put(key, key + ':' + value);
    }

    final void delete() {
      store.delete(key);
    }

    /** Returns the number of the value, which has to be one of this key. */
    final int get() {
      String found = store.get(key);
      if (found == null) {
        return ABSENT;
      }
      boolean isOurs = found.length() == key.length() + 2 && found.startsWith(key + ':');
      return isOurs ? found.charAt(found.length() - 1) - '0' : OTHER;
    }
  }

  /** A put over a put, in memory. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 1, 7", "1, 7, 7", "7, 7, 7"},
      expect = Expect.ACCEPTABLE,
      desc = "one after the other")
  @Outcome(expect = Expect.FORBIDDEN, desc = "absent, another's, or back to the earlier value")
  public static class OverwrittenInMemory extends OneKey {
    /** One key. */
    public OverwrittenInMemory() {
      super(InMemory.STORE);
    }

    /** Writes. */
    @Actor
    public void writer() {
      put(7);
    }

    /** Reads twice. */
    @Actor
    public void reader(III_Result r) {
      r.r1 = get();
      r.r2 = get();
    }

    /** Reads once more afterwards. */
    @Arbiter
    public void look(III_Result r) {
      r.r3 = get();
      delete();
    }
  }

  /** A put over a put, in mapped files. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 1, 7", "1, 7, 7", "7, 7, 7"},
      expect = Expect.ACCEPTABLE,
      desc = "one after the other")
  @Outcome(expect = Expect.FORBIDDEN, desc = "absent, another's, or back to the earlier value")
  public static class OverwrittenInFiles extends OneKey {
    /** One key. */
    public OverwrittenInFiles() {
      super(InFiles.STORE);
    }

    /** Writes. */
    @Actor
    public void writer() {
      put(7);
    }

    /** Reads twice. */
    @Actor
    public void reader(III_Result r) {
      r.r1 = get();
      r.r2 = get();
    }

    /** Reads once more afterwards. */
    @Arbiter
    public void look(III_Result r) {
      r.r3 = get();
      delete();
    }
  }

  /** A delete and another put, in mapped files. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 1, 7", "1, -1, 7", "1, 7, 7", "-1, -1, 7", "-1, 7, 7", "7, 7, 7"},
      expect = Expect.ACCEPTABLE,
      desc = "one after the other")
  @Outcome(expect = Expect.FORBIDDEN, desc = "another's, or back to an earlier value")
  public static class PutAgainInFiles extends OneKey {
    /** One key. */
    public PutAgainInFiles() {
      super(InFiles.STORE);
    }

    /** Writes. */
    @Actor
    public void writer() {
      delete();
      put(7);
    }

    /** Reads twice. */
    @Actor
    public void reader(III_Result r) {
      r.r1 = get();
      r.r2 = get();
    }

    /** Reads once more afterwards. */
    @Arbiter
    public void look(III_Result r) {
      r.r3 = get();
      delete();
    }
  }

  private static KvStore<String, String> open(KvStoreBuilder<String, String> builder) {
    return builder.stripes(4).maxSegmentBytes(KvStoreBuilder.MIN_SEGMENT_BYTES).open();
  }

  private static final class InMemory {
    static final KvStore<String, String> STORE =
        open(KvStore.builder(Codecs.string(), Codecs.string()));
  }

  private static final class InFiles {
    private static final Path DIRECTORY = create();

    static final KvStore<String, String> STORE =
        open(
            KvStore.builder(Codecs.string(), Codecs.string())
                .directory(DIRECTORY)
                .durability(Durability.PROCESS));

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(InFiles::delete));
    }

    private static Path create() {
      try {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "kvstore-test-")
            : Files.createTempDirectory("kvstore-test-");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void delete() {
      STORE.close();
      try (Stream<Path> files = Files.walk(DIRECTORY)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
