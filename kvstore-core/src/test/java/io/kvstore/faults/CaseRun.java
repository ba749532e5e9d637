package io.kvstore.faults;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script: its directory, its store, and its progress, by which a watchdog detects a
 * hang.
 */
public final class CaseRun {
  private final Path template;
  private final Path directory;
  private final Mode mode;
  private final FaultPoints.@Nullable Armed fault;
  private volatile String doing = "nothing yet";
  private volatile long since = System.nanoTime();

  /**
   * @param template what the script has prepared; not to be changed
   * @param directory an empty one, for whatever the script needs
   * @param fault null if nothing is to fail
   */
  CaseRun(Path template, Path directory, Mode mode, FaultPoints.@Nullable Armed fault) {
    this.template = template;
    this.directory = directory;
    this.mode = mode;
    this.fault = fault;
  }

  /** A run in which nothing fails and that nobody watches. */
  public static CaseRun quiet(Path directory, Mode mode) {
    return new CaseRun(directory, directory, mode, null);
  }

  public Path template() {
    return template;
  }

  public Path directory() {
    return directory;
  }

  public Mode mode() {
    return mode;
  }

  /** Says what is about to be called. */
  public void step(String what) {
    doing = what;
    since = System.nanoTime();
  }

  /** Returns what is being called. */
  String doing() {
    return doing;
  }

  /** Returns since when, as {@link System#nanoTime()} tells it. */
  long since() {
    return since;
  }

  /** Returns the error that a step has thrown, or null as long as none has. */
  public @Nullable Error thrown() {
    return fault == null ? null : fault.thrown();
  }
}
