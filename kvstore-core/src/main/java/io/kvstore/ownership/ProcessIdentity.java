package io.kvstore.ownership;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a running process: where and when it was started. A process id alone is reused,
 * after some time, after a reboot, and by the first process of every container.
 *
 * <p>On Linux it is the boot id of the machine and the clock ticks since the boot, which a change
 * of the clock does not affect; elsewhere the host and the start time.
 */
final class ProcessIdentity {
  private static final Path PROC = Path.of("/proc");
  private static final Path BOOT_ID = PROC.resolve("sys/kernel/random/boot_id");
  private static final Path HOST_NAME = PROC.resolve("sys/kernel/hostname");

  /** The index of the start time in {@code /proc/PID/stat}, counted from the state. */
  private static final int START_TIME = 19;

  private ProcessIdentity() {}

  /** Returns the id of this process; from Linux, which is faster than the JDK. */
  static long pid() {
    try {
      return Long.parseLong(Files.readSymbolicLink(PROC.resolve("self")).toString());
    } catch (IOException | UnsupportedOperationException | NumberFormatException e) {
      return ProcessHandle.current().pid();
    }
  }

  /** Returns the identity of this process. */
  static String self() {
    String known = of(pid());
    return known == null ? "unknown" : known;
  }

  /** Returns the identity of a process, or null if it has ended or is not known. */
  static @Nullable String of(long pid) {
    try {
      Path stat = PROC.resolve(Long.toString(pid)).resolve("stat");
      return Files.exists(BOOT_ID) ? parse(Files.readString(stat)) : portable(pid);
    } catch (IOException e) {
      return null; // it does not exist, or is not visible to this process
    }
  }

  /** Parses a line of {@code /proc/PID/stat}, in which the name may contain any characters. */
  private static @Nullable String parse(String stat) throws IOException {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    // A zombie has ended; only its parent has not collected its exit status yet.
    boolean hasEnded = fields[0].equals("Z") || fields[0].equals("X");
    return hasEnded || fields.length <= START_TIME
        ? null
        : Files.readString(BOOT_ID).strip() + " " + fields[START_TIME];
  }

  private static @Nullable String portable(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElse(null);
    if (process == null || !process.isAlive()) {
      return null;
    }
    Instant start = process.info().startInstant().orElse(null);
    return start == null ? null : host() + " " + start.toEpochMilli();
  }

  /**
   * Returns the host name: from Linux directly; elsewhere a name server may be asked, which takes
   * time.
   */
  static String host() {
    try {
      return Files.exists(HOST_NAME)
          ? Files.readString(HOST_NAME).strip()
          : InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "this host";
    }
  }
}
