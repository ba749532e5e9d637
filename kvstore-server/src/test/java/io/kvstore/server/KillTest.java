package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.LongForm;
import io.kvstore.server.testing.ServerProcess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The promise of every mode: {@code kill -9} takes nothing that was acknowledged. Writers write to
 * the real server, it is killed in the middle of that, and what a new one finds is compared.
 *
 * <p>{@code -Dkill.rounds=20} for a longer run, {@code -Dkill.seed=...} to choose as another run
 * did.
 */
class KillTest {
  private static final int WRITERS = 4;
  private static final int MAX_WAIT_SECONDS = 300;

  @TempDir private Path data;

  @ParameterizedTest
  @CsvSource({"process, 4000", "interval, 4000", "sync, 1000"})
  void killTakesNothingThatWasAcknowledged(String durability, int maxWrites) throws Exception {
    long seed = LongForm.seed("kill.seed");
    int rounds = LongForm.of("kill.rounds", 3, 20);
    System.out.println("KillTest " + durability + ": kill.seed=" + seed + ", rounds " + rounds);
    Random random = new Random(seed);
    Semaphore acknowledged = new Semaphore(0);
    List<KillWriter> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new KillWriter(i, random.nextLong(), acknowledged));
    }
    int writes = 0;
    for (int round = 0; round < rounds; round++) {
      int count = 1 + random.nextInt(maxWrites);
      try (ServerProcess server = ServerProcess.serve(data, durability)) {
        InetSocketAddress address = server.address();
        assertThat(wrong(writers, address)).as("round %s, seed %s", round, seed).isEmpty();
        writeAndKill(writers, server, address, () -> await(acknowledged, count));
        assertThat(server.errors().lines())
            .allMatch(line -> line.contains("torn tail") || line.contains("it is not used"));
      }
      writes += count + acknowledged.drainPermits();
    }
    try (ServerProcess server = ServerProcess.serve(data, durability)) {
      assertThat(wrong(writers, server.address())).as("the end, seed %s", seed).isEmpty();
    }
    System.out.println("KillTest " + durability + ": " + writes + " writes acknowledged, 0 lost");
  }

  private static void writeAndKill(
      List<KillWriter> writers, ServerProcess server, InetSocketAddress address, Runnable moment)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<?>> writing = new ArrayList<>();
      for (KillWriter writer : writers) {
        writing.add(threads.submit(() -> writer.writeUntilKilled(address)));
      }
      moment.run();
      server.kill();
      for (Future<?> end : writing) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(Semaphore acknowledged, int count) {
    try {
      assertThat(acknowledged.tryAcquire(count, MAX_WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> wrong(List<KillWriter> writers, InetSocketAddress address)
      throws Exception {
    List<String> wrong = new ArrayList<>();
    for (KillWriter writer : writers) {
      wrong.addAll(writer.check(address));
    }
    return wrong;
  }
}
