package io.kvstore.server.reload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Polls files for changes, on a thread of its own. */
public final class FilePoller implements AutoCloseable {
  /** The polling interval. */
  static final Duration LOOK_TIME = Duration.ofSeconds(2);

  private final List<Reloaded<?>> polled = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "kvstore-files");
            made.setDaemon(true);
            return made;
          });

  private FilePoller() {}

  /** Starts polling. */
  public static FilePoller start() {
    FilePoller poller = new FilePoller();
    var unused =
        poller.thread.scheduleWithFixedDelay(
            poller::look, LOOK_TIME.toMillis(), LOOK_TIME.toMillis(), TimeUnit.MILLISECONDS);
    return poller;
  }

  /**
   * Reads files, now and whenever one of them has changed.
   *
   * @param what the content, for the log
   * @throws IOException if the files are not valid now
   */
  public <T> Reloaded<T> read(String what, List<Path> files, Reloaded.Reader<T> reader)
      throws IOException {
    Reloaded<T> reloaded = Reloaded.of(what, files, reader);
    polled.add(reloaded);
    return reloaded;
  }

  /** Polls now; changed files have been read on return. */
  public void look() {
    polled.forEach(Reloaded::look);
  }

  /** Stops polling. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
