package io.kvstore.server.accesslog;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The access log, written by a thread of its own, so that no request waits for a disk. Entries are
 * dropped and counted if they arrive faster than they can be written. Safe for use by any thread.
 */
public final class AccessLog implements AutoCloseable {
  /** The limit of entries that wait to be written. */
  static final int MAX_WAITING_ENTRIES = 8192;

  /** The time limit for writing the remaining entries on close. */
  static final Duration CLOSE_TIME = Duration.ofSeconds(5);

  /** The interval between two warnings. */
  private static final Duration COMPLAINT_TIME = Duration.ofSeconds(10);

  private static final Duration LOOK_TIME = Duration.ofMillis(200);

  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private final AccessLogFormat format;
  private final LogFile file;
  private final BlockingQueue<AccessEntry> waiting = new ArrayBlockingQueue<>(MAX_WAITING_ENTRIES);
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;
  private long complainedAt = System.nanoTime() - COMPLAINT_TIME.toNanos();
  private long reported;

  private AccessLog(AccessLogFormat format, LogFile file) {
    this.format = format;
    this.file = file;
    this.thread = new Thread(this::run, "kvstore-access-log");
    thread.setDaemon(true);
  }

  /**
   * Starts an access log.
   *
   * @param path the file to append to, or null for the standard output
   * @throws IOException if the file can't be opened
   */
  public static AccessLog open(AccessLogFormat format, @Nullable Path path) throws IOException {
    AccessLog log =
        new AccessLog(format, path == null ? LogFile.standardOutput() : LogFile.open(path));
    log.thread.start();
    return log;
  }

  /** Enqueues an entry. */
  public void add(AccessEntry entry) {
    if (closed || !waiting.offer(entry)) {
      lost.incrementAndGet();
    }
  }

  /** The number of dropped entries. */
  long lost() {
    return lost.get();
  }

  private void run() {
    List<AccessEntry> entries = new ArrayList<>();
    while (!closed || !waiting.isEmpty()) {
      try {
        AccessEntry first = waiting.poll(LOOK_TIME.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          entries.add(first);
          waiting.drainTo(entries);
          write(entries);
        }
      } catch (InterruptedException e) {
        LOG.log(Level.WARNING, "The access log was interrupted, and continues");
      } catch (IOException | RuntimeException e) {
        lost.addAndGet(entries.size());
        complain(e.toString());
      }
      entries.clear();
      if (lost.get() > reported) {
        complain("entries arrive faster than they can be written");
      }
    }
  }

  private void write(List<AccessEntry> entries) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (AccessEntry entry : entries) {
      lines.append(format.line(entry)).append('\n');
    }
    file.write(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void complain(String why) {
    long now = System.nanoTime();
    if (now - complainedAt >= COMPLAINT_TIME.toNanos()) {
      complainedAt = now;
      reported = lost.get();
      LOG.log(Level.WARNING, "The access log has lost {0} lines so far: {1}", reported, why);
    }
  }

  /** Writes the remaining entries, within {@link #CLOSE_TIME}. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    try {
      thread.join(CLOSE_TIME.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    file.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
