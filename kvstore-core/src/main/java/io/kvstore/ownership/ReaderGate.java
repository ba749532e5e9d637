package io.kvstore.ownership;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvstore.platform.StoreLogger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The gate for reusing files that readers may have mapped: the store that owns the directory may
 * change their content only while no {@link ReaderLock} is held. The file {@code readers} names the
 * first segments that were created after it: earlier ones may be open in readers that found no file
 * to lock. Used on threads of the store.
 */
final class ReaderGate {
  private static final Pattern TEXT =
      Pattern.compile("log ([0-9]{1,18})\ncompacted ([0-9]{1,18})\n");
  private static final Pattern SEGMENT = Pattern.compile("([0-9]{10})\\.(segment|compacted)");
  private static final int MAX_TEXT_BYTES = 100;

  private final DirectoryHandle directory;
  private @Nullable ReadersFile file;
  private long firstLog;
  private long firstCompacted;
  private boolean isClosed;

  ReaderGate(DirectoryHandle directory) {
    this.directory = directory;
  }

  /** A short action. */
  @FunctionalInterface
  interface Renaming {
    void run() throws IOException;
  }

  /**
   * Runs an action while no reader has the directory open.
   *
   * @param compacted whether the segment is a compacted one
   * @return false if there may be a reader; nothing has been done then
   */
  synchronized boolean runUnread(boolean compacted, long id, Renaming action) throws IOException {
    if (isClosed) {
      return false;
    }
    ReadersFile readers = readers();
    if (readers == null || id < (compacted ? firstCompacted : firstLog)) {
      return false;
    }
    FileLock alone;
    try {
      alone = readers.tryAlone();
    } catch (IOException | NonWritableChannelException e) {
      return false; // no locks on this system, or no permission for them
    }
    if (alone == null) {
      return false;
    }
    try {
      action.run();
      return true;
    } finally {
      alone.release();
    }
  }

  /**
   * Creates the missing file: the sooner it exists, the more files can be reused. If that fails, it
   * is tried again later.
   */
  synchronized void prepare() {
    try {
      ReadersFile unused = readers();
    } catch (IOException e) {
      StoreLogger.get().log(System.Logger.Level.DEBUG, "can't create " + Ownership.READERS, e);
    }
  }

  private @Nullable ReadersFile readers() throws IOException {
    if (file == null) {
      ReadersFile open = ReadersFile.open(directory.path());
      if (open == null) {
        directory
            .open(Ownership.READERS, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
            .close();
        open = ReadersFile.open(directory.path());
      }
      file = open;
      if (open != null) {
        readText(open.channel());
      }
    }
    return file;
  }

  private void readText(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_TEXT_BYTES);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {}
    Matcher matcher = TEXT.matcher(US_ASCII.decode(bytes.flip()));
    if (matcher.matches()) {
      firstLog = Long.parseLong(matcher.group(1));
      firstCompacted = Long.parseLong(matcher.group(2));
      return;
    }
    firstLog = 0;
    firstCompacted = 0;
    try (DirectoryStream<Path> names = Files.newDirectoryStream(directory.path())) {
      for (Path name : names) {
        Matcher segment = SEGMENT.matcher(name.getFileName().toString());
        if (segment.matches()) {
          long next = Long.parseLong(segment.group(1)) + 1;
          boolean compacted = segment.group(2).equals("compacted");
          firstCompacted = compacted ? Math.max(firstCompacted, next) : firstCompacted;
          firstLog = compacted ? firstLog : Math.max(firstLog, next);
        }
      }
    }
    String text = "log " + firstLog + "\ncompacted " + firstCompacted + "\n";
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(text.getBytes(US_ASCII)), 0);
    } catch (NonWritableChannelException e) {
      // Not writable: the ids are valid for this store, and the next one computes them again.
    }
  }

  synchronized void close() throws IOException {
    isClosed = true;
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
