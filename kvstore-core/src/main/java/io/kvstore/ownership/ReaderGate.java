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
 * Lets a store that owns a directory change what is in a file that others may have mapped: only
 * while nobody has a {@link ReaderLock}. The file {@code readers} says from which segments on it
 * has been there: those before it others may have open that found nothing to lock. To be used on
 * threads of the store.
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

  /** Something short. */
  @FunctionalInterface
  interface Renaming {
    void run() throws IOException;
  }

  /**
   * Does something while nobody else reads the directory.
   *
   * @param compacted of which kind the segment is
   * @return false if somebody may be reading; nothing has been done then
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
      return false; // no locks here, or none that this process may take
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
   * Makes the file, which is missing: the sooner it is there, the more files can be used again. A
   * disk that refuses it is asked again.
   */
  synchronized void prepare() {
    try {
      ReadersFile unused = readers();
    } catch (IOException e) {
      StoreLogger.get().log(System.Logger.Level.DEBUG, "can't make " + Ownership.READERS, e);
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
      // It holds for this store; the next one finds it out again.
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
