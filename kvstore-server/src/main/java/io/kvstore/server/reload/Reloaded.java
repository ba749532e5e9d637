package io.kvstore.server.reload;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * A value that is read from files, and reloaded when one of them has changed. If the new content is
 * not valid, the previous value stays, and one warning is logged. {@link #current} is safe for use
 * by any thread.
 */
public final class Reloaded<T> {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  /** Reads the files; throws if they are not valid. */
  public interface Reader<T> {
    T read() throws IOException;
  }

  private final String what;
  private final List<Path> files;
  private final Reader<T> reader;
  private volatile T current;
  private volatile Runnable onChange = () -> {};
  private List<String> seen;

  private Reloaded(String what, List<Path> files, Reader<T> reader) throws IOException {
    this.what = what;
    this.files = files;
    this.reader = reader;
    this.seen = marks(files);
    this.current = reader.read();
  }

  /**
   * Reads files for the first time.
   *
   * @param what the content, for the log
   * @throws IOException if the files are not valid
   */
  static <T> Reloaded<T> of(String what, List<Path> files, Reader<T> reader) throws IOException {
    return new Reloaded<>(what, files, reader);
  }

  /** Sets an action that runs after each reload, on the thread that polls. */
  public void onChange(Runnable action) {
    onChange = action;
  }

  /** Returns the value of the last valid content. */
  public T current() {
    return current;
  }

  /** Reads the files if they have changed since the last poll. */
  synchronized void look() {
    // Before they are read, so that a change meanwhile is seen by the next poll.
    List<String> now = marks(files);
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      current = reader.read();
      LOG.log(Level.INFO, "Reloaded the {0}", what);
      onChange.run();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "Cannot reload the {0}, keeping the previous version: {1}", what, e);
    }
  }

  private static List<String> marks(List<Path> files) {
    List<String> marks = new ArrayList<>();
    for (Path file : files) {
      marks.add(mark(file));
    }
    return marks;
  }

  /** Returns what differs between versions of a file: time, size and inode. */
  private static String mark(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
    } catch (IOException e) {
      return "none";
    }
  }
}
