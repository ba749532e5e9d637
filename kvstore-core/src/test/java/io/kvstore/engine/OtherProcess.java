package io.kvstore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.Durability;
import io.kvstore.LockedStoreException;
import io.kvstore.platform.Storage;
import io.kvstore.testing.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;

/** A second process, which opens a directory, says what came of it, and waits to be told to end. */
final class OtherProcess implements AutoCloseable {
  private static final String OPENED = "opened";

  private final Process process;

  private OtherProcess(Process process) {
    this.process = process;
  }

  static OtherProcess start(Path directory) throws IOException {
    return new OtherProcess(ChildProcess.start(OtherProcess.class, directory.toString()));
  }

  /** Returns what came of the opening: {@code opened}, or why it was refused. */
  String answer() throws IOException {
    return process.inputReader(UTF_8).readLine();
  }

  boolean hasOpened() throws IOException {
    return OPENED.equals(answer());
  }

  long pid() {
    return process.pid();
  }

  /** Kills it, without a chance to give anything back. */
  @Override
  public void close() {
    kill();
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  public static void main(String[] arguments) throws IOException {
    try {
      StoreDoor.open(Path.of(arguments[0]), Durability.PROCESS, Storage.FILES);
      System.out.println(OPENED);
    } catch (LockedStoreException e) {
      System.out.println(e.getMessage());
    }
    System.in.read();
  }
}
