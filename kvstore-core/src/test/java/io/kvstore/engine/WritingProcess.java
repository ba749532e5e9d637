package io.kvstore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.platform.Storage;
import io.kvstore.testing.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** A second process, which writes batches and compacts until it is killed. */
final class WritingProcess implements AutoCloseable {
  private static final int KEYS = 100;

  private final Process process;
  private final BufferedReader output;

  private WritingProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(UTF_8);
  }

  static WritingProcess start(Path directory) throws IOException {
    return new WritingProcess(ChildProcess.start(WritingProcess.class, directory.toString()));
  }

  /** Returns a number up to which it has put all, after it was asked. */
  long acknowledged() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return Long.parseLong(output.readLine());
  }

  /** Kills it. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    try (KvStore<String, String> kv =
        StoreDoor.open(directory, Durability.PROCESS, Storage.FILES)) {
      for (long n = 1; ; n++) {
        kv.write(kv.batch().put("left", "" + n).put("x" + n % KEYS, "" + n).put("right", "" + n));
        if (n % 200 == 0) {
          kv.compact();
        }
        if (System.in.available() > 0) {
          System.in.read();
          System.out.println(n);
        }
      }
    }
  }
}
