package io.kvstore.kill;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The acknowledgements that a thread of the writing process received, in a mapped file, which
 * survives the death of the process. One entry for each step, in their order, with the outcome
 * written last, so that an entry without it belongs to a step that was in progress.
 */
final class Acknowledgements {
  /** Most steps of one thread in one round. */
  static final int MAX_STEPS = 1 << 16;

  private static final int ENTRY_BYTES = 32;

  /** The outcome of a step. */
  enum Outcome {
    /** Nothing was answered; also that of steps that were never begun. */
    NONE(0),
    DONE(1),
    /** A condition did not hold: nothing was written. */
    NOT_APPLIED(2),
    /** There was no room: nothing was written. */
    REFUSED(3);

    private final long code;

    Outcome(long code) {
      this.code = code;
    }

    private static Outcome of(long code) {
      return Arrays.stream(values()).filter(o -> o.code == code).findAny().orElseThrow();
    }
  }

  /**
   * The result of a step.
   *
   * @param start the time of the call, by {@link System#nanoTime}, the same in all processes
   * @param end the time of its return
   * @param version the version of its first put, if known, else 0
   */
  record Answer(Outcome outcome, long start, long end, long version) {}

  private final MappedByteBuffer file;
  private int count;

  private Acknowledgements(MappedByteBuffer file) {
    this.file = file;
  }

  static Path file(Path directory, int thread) {
    return directory.resolve("acknowledged-by-" + thread);
  }

  /** Makes an empty one. */
  static Acknowledgements create(Path directory, int thread) throws IOException {
    Files.deleteIfExists(file(directory, thread));
    return map(directory, thread);
  }

  /** Reads what a process has left; empty if it has died before it began. */
  static Acknowledgements read(Path directory, int thread) throws IOException {
    Acknowledgements found = map(directory, thread);
    while (found.count < MAX_STEPS && found.answer(found.count).outcome() != Outcome.NONE) {
      found.count++;
    }
    return found;
  }

  private static Acknowledgements map(Path directory, int thread) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file(directory, thread),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      long size = (long) MAX_STEPS * ENTRY_BYTES;
      return new Acknowledgements(channel.map(FileChannel.MapMode.READ_WRITE, 0, size));
    }
  }

  void add(Answer answer) {
    int at = count * ENTRY_BYTES;
    file.putLong(at, answer.start());
    file.putLong(at + 8, answer.end());
    file.putLong(at + 16, answer.version());
    file.putLong(at + 24, answer.outcome().code);
    count++;
  }

  /** Returns how many steps were answered; the next one may have been under way. */
  int count() {
    return count;
  }

  Answer answer(int step) {
    int at = step * ENTRY_BYTES;
    return new Answer(
        Outcome.of(file.getLong(at + 24)),
        file.getLong(at),
        file.getLong(at + 8),
        file.getLong(at + 16));
  }
}
