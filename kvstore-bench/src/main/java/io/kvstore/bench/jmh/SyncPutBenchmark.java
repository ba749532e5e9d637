package io.kvstore.bench.jmh;

import io.kvstore.Durability;
import io.kvstore.bench.BenchStore;
import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.load.Workload;
import io.kvstore.bench.rival.Rival;
import io.kvstore.bench.rival.StoreSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Throughput of durable puts: on one thread, on 64 threads that share syncs, and the limit of the
 * device.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="SyncPutBenchmark" -Dbench.dir=/a/directory/on/the/disk
 * mvn -pl kvstore-bench jmh run -Djmh.args="SyncPut.*Thread -p store=KVSTORE,ROCKSDB,LMDB"
 * }</pre>
 *
 * <p>Measured: puts of 100 bytes under random keys in {@link Durability#SYNC}, each waiting until
 * the disk has it, into a store that starts empty. The disk decides about the figure for one
 * thread, the store about the ratio of the two. {@code device} and {@code deviceGrouped} are what
 * any program reaches that writes as many bytes as a put's record has, or as 64 have, into a file
 * that was filled before, and calls fdatasync after each write: the latter counts 64 for each.
 * {@code bareSixtyFourThreads} is what 64 threads reach that share such writes, each waiting for
 * its own ({@link BareCommit}): the device's limit, less what this machine takes to put 64 threads
 * to sleep and to wake them. For the ratios of all five from rounds that take turns see {@link
 * SyncLimit}. In a directory that is kept in memory, as the one for temporary files is on some
 * systems, this measures nothing.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class SyncPutBenchmark {
  /** How many bytes the log has for an entry with a key of 16 bytes and a value of 100. */
  private static final int RECORD_BYTES = 136;

  private static final int GROUP = 64;

  /** A store that starts empty, shared by all threads. */
  @State(Scope.Benchmark)
  public static class SyncStore {
    /** The store measured: any {@link Rival} that really syncs. */
    @Param("KVSTORE")
    public Rival store = Rival.KVSTORE;

    private ScratchDirectory scratch;
    private BenchStore opened;

    /** Opens it, once for each fork. */
    @Setup(Level.Trial)
    public void open() {
      scratch = ScratchDirectory.create();
      opened = store.open(StoreSpec.durable(scratch.path(), Writer.KEYS));
    }

    /** Takes its directory away. */
    @TearDown(Level.Trial)
    public void close() {
      opened.close();
      scratch.close();
    }
  }

  /** A calling thread and its keys. */
  @State(Scope.Thread)
  public static class Writer {
    private static final int KEYS = 1_000_000;

    private Workload workload;

    /** Starts over, once for each fork. */
    @Setup(Level.Trial)
    public void setUp(ThreadParams thread) {
      workload = new Workload(KEYS, thread.getThreadIndex());
    }
  }

  /** The limit of the device, without a store. */
  @State(Scope.Benchmark)
  public static class Device {
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(RECORD_BYTES * GROUP);
    private DeviceFile file;

    /** Fills a file, once for each fork. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
      file = DeviceFile.filled();
    }

    /** Takes it away. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
      file.close();
    }
  }

  /** Group commit of 64 threads without a store. */
  @State(Scope.Benchmark)
  public static class Shared {
    private BareCommit commit;

    /** Fills a file, once for each fork. */
    @Setup(Level.Trial)
    public void start() throws IOException {
      commit = new BareCommit(DeviceFile.filled(), RECORD_BYTES, GROUP);
      commit.start();
    }

    /** Takes it away. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
      commit.close();
    }
  }

  /** One put with its own sync. */
  @Benchmark
  @Threads(1)
  public void oneThread(SyncStore store, Writer writer) {
    store.opened.put(writer.workload.nextKey(), writer.workload.nextValue());
  }

  /** One of 64 concurrent puts. */
  @Benchmark
  @Threads(64)
  public void sixtyFourThreads(SyncStore store, Writer writer) {
    store.opened.put(writer.workload.nextKey(), writer.workload.nextValue());
  }

  /** One of 64 concurrent records, without a store. */
  @Benchmark
  @Threads(64)
  public void bareSixtyFourThreads(Shared shared) {
    shared.commit.write();
  }

  /** One write of a record's size, and its fdatasync. */
  @Benchmark
  @Threads(1)
  public void device(Device device) throws IOException {
    device.file.writeAndSync(device.bytes, RECORD_BYTES);
  }

  /** One write of the size of 64 records, and its fdatasync. */
  @Benchmark
  @Threads(1)
  @OperationsPerInvocation(GROUP)
  public void deviceGrouped(Device device) throws IOException {
    device.file.writeAndSync(device.bytes, RECORD_BYTES * GROUP);
  }
}
