package io.kvstore.kill;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.StoreFullException;
import io.kvstore.codec.Codecs;
import io.kvstore.kill.Acknowledgements.Answer;
import io.kvstore.kill.Acknowledgements.Outcome;
import io.kvstore.kill.Script.Change;
import io.kvstore.kill.Script.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process whose threads follow a {@link Script} until it is killed. */
final class KilledProcess {
  static final int THREADS = 4;
  static final long MAX_DISK_BYTES = 1 << 20;

  /** Every so many steps a thread rests, so that the end of the log may be anybody's. */
  private static final int STEPS_BETWEEN_RESTS = 50;

  private static final long REST_NANOS = 500_000;

  private static final int LOOK_MILLIS = 10;

  /** To open a store takes some milliseconds, and to be killed too. */
  private static final long MAX_WAIT_SECONDS = 600;

  private static final String OPENED = "opened";
  private static final String OUTPUT = "output";

  private final Process process;
  private final Path answers;

  private KilledProcess(Process process, Path answers) {
    this.process = process;
    this.answers = answers;
  }

  /**
   * @param directory of the store
   * @param answers where to note what was answered, and what is printed
   */
  static KilledProcess start(Path directory, Path answers, Durability durability, Script script)
      throws IOException {
    Files.deleteIfExists(answers.resolve(OPENED));
    for (int i = 0; i < THREADS; i++) {
      Files.deleteIfExists(Acknowledgements.file(answers, i));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(KilledProcess.class.getName());
    command.addAll(List.of(directory.toString(), answers.toString(), durability.name()));
    command.addAll(List.of("" + script.seed(), "" + script.round()));
    return new KilledProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(answers.resolve(OUTPUT).toFile())
            .start(),
        answers);
  }

  /** Waits until it has opened the store, or has ended. */
  void awaitOpened() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_WAIT_SECONDS);
    while (!Files.exists(answers.resolve(OPENED))
        && !process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() > end) {
        process.destroyForcibly();
        throw new AssertionError("process " + process.pid() + " does not open the store");
      }
    }
  }

  /** Kills it after a while; returns what it has said if it has ended by itself before. */
  String killAfter(long millis) throws InterruptedException, IOException {
    boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
    process.destroyForcibly();
    if (!process.waitFor(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("process " + process.pid() + " can't be killed");
    }
    return ended ? Files.readString(answers.resolve(OUTPUT)) : "";
  }

  // ---- what runs in it

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Path answers = Path.of(arguments[1]);
    Script script = new Script(Long.parseLong(arguments[3]), Integer.parseInt(arguments[4]));
    KvStore<String, String> store = open(directory, Durability.valueOf(arguments[2]));
    Files.createFile(answers.resolve(OPENED));
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      Acknowledgements acknowledged = Acknowledgements.create(answers, i);
      new Thread(() -> follow(store, script, number, acknowledged)).start();
    }
  }

  static KvStore<String, String> open(Path directory, Durability durability) {
    return KvStore.builder(Codecs.string(), Codecs.string())
        .directory(directory)
        .durability(durability)
        .syncInterval(Duration.ofMillis(10))
        .maxDiskBytes(MAX_DISK_BYTES)
        .open();
  }

  private static void follow(
      KvStore<String, String> store, Script script, int thread, Acknowledgements acknowledged) {
    try {
      for (int n = 0; n < Acknowledgements.MAX_STEPS; n++) {
        Step step = script.step(thread, n);
        acknowledged.add(answered(store, step));
        if (n % STEPS_BETWEEN_RESTS == thread) {
          LockSupport.parkNanos(REST_NANOS);
        }
      }
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  /** Makes the call of a step, and returns what came of it. */
  static Answer answered(KvStore<String, String> store, Step step) {
    long start = System.nanoTime();
    long version = 0;
    Outcome outcome;
    try {
      if (step.kind() == Script.Kind.BATCH) {
        version = write(store, step.changes());
        outcome = Outcome.DONE;
      } else {
        outcome = call(store, step) ? Outcome.DONE : Outcome.NOT_APPLIED;
      }
    } catch (StoreFullException e) {
      if (step.deletesOnly()) {
        throw e;
      }
      outcome = Outcome.REFUSED;
    }
    return new Answer(outcome, start, System.nanoTime(), version);
  }

  /** Writes a batch, and returns the version of its first put, or 0 if it has none. */
  private static long write(KvStore<String, String> store, List<Change> changes) {
    Batch<String, String> batch = store.batch();
    for (Change change : changes) {
      if (change.value() == null) {
        batch.delete(change.key());
      } else if (change.ttl() == null) {
        batch.put(change.key(), change.value().text());
      } else {
        batch.put(change.key(), change.value().text(), change.ttl());
      }
    }
    BatchResult result = store.write(batch);
    for (int i = 0; i < changes.size(); i++) {
      if (!changes.get(i).isDelete()) {
        return result.outcomes().get(i).version();
      }
    }
    return 0;
  }

  /** Makes a call and returns whether it has changed anything. */
  private static boolean call(KvStore<String, String> store, Step step) {
    Change change = step.changes().get(0);
    String key = change.key();
    String value = change.value() == null ? "" : change.value().text();
    switch (step.kind()) {
      case PUT -> {
        if (change.ttl() == null) {
          store.put(key, value);
        } else {
          store.put(key, value, change.ttl());
        }
        return true;
      }
      case DELETE -> {
        return store.delete(key);
      }
      case PUT_IF_ABSENT -> {
        return store.putIfAbsent(key, value) == null;
      }
      case GET_AND_PUT -> {
        store.getAndPut(key, value);
        return true;
      }
      case GET_AND_DELETE -> {
        return store.getAndDelete(key) != null;
      }
      default -> {
        store.compute(key, (k, before) -> value);
        return true;
      }
    }
  }
}
