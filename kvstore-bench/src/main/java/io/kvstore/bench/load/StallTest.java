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
 * -Xmx2g}. Two threads first get and put random entries of a filled store, unthrottled, for twice
 * that time, of which the second half counts. Then, after a short warm-up, they run by a schedule
 * at half that rate (see {@link LoadThread}), while a snapshot is open until half of the entries
 * are overwritten, or nearly all the time is over. The time must suffice for that: the events show
 * it.
 *
 * <p>A stall is a sequence of operations of one thread that are all over 20 ms late. Its cause is
 * what explains at least half of the latency of the first of them, and happened since the thread
 * was last on time:
 *
 * <ul>
 *   <li>"GC" or "safepoint": a pause in the JVM's log, which has the same clock as the latencies;
 *   <li>else "machine": a thread that only sleeps woke up late in that time;
 *   <li>else "processor": the thread was runnable, but other threads ran: of the store, of the JVM
 *       or of another process;
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
