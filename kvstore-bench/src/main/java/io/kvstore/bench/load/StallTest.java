package io.kvstore.bench.load;

import io.kvstore.bench.ChildJvm;
import io.kvstore.bench.ScratchDirectory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures stalls: how late gets and puts become at half of the maximum throughput, and why.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.main=io.kvstore.bench.load.StallTest -Djmh.args="10000000 60"
 * }</pre>
 *
 * <p>The arguments are the number of entries, by default 1,000,000, and the seconds that each part
 * takes, by default 20; further ones are flags for the measured JVM, by default {@code -Xms2g
 * -Xmx2g}. In a filled store two threads first do gets and puts of random entries as fast as they
 * go, twice as long as said, the second half of which counts; then, after a moment that does not
 * count, by a schedule, half as many a second ({@link LoadThread} has the details), and meanwhile a
 * snapshot is held until half of the entries are overwritten, or nearly all the time is over. The
 * time has to suffice for that: the events tell.
 *
 * <p>A stall is a row of operations of one thread that are all over 20 ms late. Blamed is what
 * explains at least half of the latency of the first of them, having happened since the thread was
 * last on time:
 *
 * <ul>
 *   <li>"GC" or "safepoint": a pause by the JVM's own log, which has the clock of the latencies;
 *   <li>else "machine": a thread that does nothing but sleep woke up late meanwhile;
 *   <li>else "processor": the thread could have run, but others did, of the store, of the JVM or of
 *       another process;
 *   <li>"several" of these together;
 *   <li>else "store".
 * </ul>
 */
public final class StallTest {
  private static final List<String> FLAGS = List.of("-Xms2g", "-Xmx2g");

  private StallTest() {}

  /** Prints the tables; for the arguments see above. */
  public static void main(String[] args) throws InterruptedException {
    String entries = args.length > 0 ? args[0] : "1000000";
    String seconds = args.length > 1 ? args[1] : "20";
    List<String> flags = args.length > 2 ? List.of(args).subList(2, args.length) : FLAGS;
    run(entries, seconds, flags, System.out);
  }

  static void run(String entries, String seconds, List<String> flags, PrintStream out)
      throws InterruptedException {
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      Path log = scratch.path().resolve("jvm.log");
      List<String> all = new ArrayList<>(flags);
      all.add(Pause.logFlag(log));
      List<String> arguments = List.of(entries, seconds, log.toString());
      try (ChildJvm child = ChildJvm.start(StallRun.class, all, arguments)) {
        child.copyOutput(out);
      }
    }
  }
}
