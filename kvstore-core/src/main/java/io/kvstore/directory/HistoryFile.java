package io.kvstore.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvstore.CorruptStoreException;
import io.kvstore.log.LogTail;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.Storage;
import io.kvstore.platform.TextChecksum;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The history file: the branches of a store, in a small text file of its directory, with enough
 * data on the other files to detect whether it belongs to them. It is replaced before the first
 * write of an opening, and when the store is closed after that. A store without it loses only the
 * origin of its versions.
 *
 * @param owner see {@link Manifest#owner}
 * @param inode the inode of the file itself, which a copy does not have; {@link #BACKUP} or {@link
 *     #NO_INODE}
 * @param tail the last segment of the log when the file was written
 * @param schemas the schemas at that time
 * @param closed the last change of a store that was closed; {@link #OPEN} if it was not
 * @param branches in order, at least one
 */
public record HistoryFile(
    long owner, long inode, LogTail tail, Schemas schemas, long closed, List<Branch> branches) {
  static final String FILE = "history";

  /** In place of an inode: the file was written by a backup. */
  static final long BACKUP = -1;

  /** In place of an inode, on file systems without inodes. */
  static final long NO_INODE = 0;

  /** In place of a version: the store was not closed. */
  static final long OPEN = -1;

  /** The maximum number of branches; the latest ones are kept. */
  static final int MAX_BRANCHES = 1024;

  private static final int MAX_BYTES = 1 << 17;

  /** The index of the first line of a branch. */
  private static final int FIRST_BRANCH = 6;

  /** The checksum, and the empty string behind the last line end. */
  private static final int LINES_AFTER_BRANCHES = 2;

  /**
   * The lines of {@link SchemaFile}, which are append-only.
   *
   * @param checksum the checksum of all lines
   */
  record Schemas(int count, String checksum) {
    static Schemas of(List<String> lines) {
      return new Schemas(lines.size(), TextChecksum.of(String.join("\n", lines)));
    }

    /** Returns whether lines begin with these. */
    boolean isStartOf(List<String> lines) {
      return count <= lines.size() && equals(of(lines.subList(0, count)));
    }
  }

  /**
   * Reads the file of a directory; returns null if there is none.
   *
   * @throws CorruptStoreException if it is not what was written
   */
  public static @Nullable HistoryFile read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      return null;
    }
    HistoryFile history = bytes.length > MAX_BYTES ? null : parse(new String(bytes, US_ASCII));
    if (history == null) {
      throw new CorruptStoreException(file, 0, "the history is not what was written");
    }
    return history;
  }

  /** Parses a text; returns null if it is not in the canonical format. */
  private static @Nullable HistoryFile parse(String text) {
    String[] lines = text.split("\n", -1);
    try {
      List<Branch> branches = new ArrayList<>();
      for (int i = FIRST_BRANCH; i < lines.length - LINES_AFTER_BRANCHES; i++) {
        String[] words = lines[i].split(" ", -1);
        Branch.Cause cause = Branch.Cause.valueOf(words[2].toUpperCase(Locale.ROOT));
        branches.add(
            new Branch(HexFormat.fromHexDigitsToLong(words[1]), Long.parseLong(words[0]), cause));
      }
      String[] log = lines[3].split(" ", -1);
      String[] schemas = lines[4].split(" ", -1);
      HistoryFile history =
          new HistoryFile(
              HexFormat.fromHexDigitsToLong(word(lines[1])),
              inode(word(lines[2])),
              new LogTail(Long.parseLong(log[1]), HexFormat.fromHexDigits(log[2]), 0),
              new Schemas(Integer.parseInt(schemas[1]), schemas[2]),
              lines[5].equals("open") ? OPEN : Long.parseLong(word(lines[5])),
              List.copyOf(branches));
      boolean isWritten = !branches.isEmpty() && history.text(history.inode).equals(text);
      return isWritten ? history : null;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private static String word(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }

  private static long inode(String word) {
    return switch (word) {
      case "backup" -> BACKUP;
      case "unknown" -> NO_INODE;
      default -> Long.parseLong(word);
    };
  }

  private String text(long inode) {
    HexFormat hex = HexFormat.of();
    StringBuilder body = new StringBuilder("kvstore history\nowner ");
    body.append(hex.toHexDigits(owner)).append("\nfile ");
    body.append(inode == BACKUP ? "backup" : inode == NO_INODE ? "unknown" : Long.toString(inode));
    body.append("\nlog ").append(tail.id()).append(' ').append(hex.toHexDigits(tail.secret()));
    body.append("\nschemas ").append(schemas.count()).append(' ').append(schemas.checksum());
    body.append(closed == OPEN ? "\nopen\n" : "\nclosed " + closed + '\n');
    for (Branch branch : branches) {
      body.append(branch.from()).append(' ').append(hex.toHexDigits(branch.id())).append(' ');
      body.append(branch.cause().name().toLowerCase(Locale.ROOT)).append('\n');
    }
    return body + "checksum " + TextChecksum.of(body.toString()) + "\n";
  }

  /** Returns whether the file in a directory is a copy, as far as that can be detected. */
  boolean isCopy(Path directory) throws IOException {
    long now = inodeOf(directory.resolve(FILE));
    return inode > 0 && now != NO_INODE && now != inode;
  }

  private static long inodeOf(Path file) throws IOException {
    try {
      return Files.getAttribute(file, "unix:ino") instanceof Long inode ? inode : NO_INODE;
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return NO_INODE;
    }
  }

  /** Writes the file durably, replacing any other, with its own inode unless it is a backup's. */
  public void write(Path directory, Storage storage) throws IOException {
    Path staged = directory.resolve(FILE + AtomicFile.SUFFIX);
    AtomicFile.write(
        directory,
        FILE,
        storage,
        new AtomicFile.Content() {
          @Override
          public void writeTo(FileChannel channel) throws IOException {
            long own = inode == BACKUP ? BACKUP : inodeOf(staged);
            storage.write(channel, ByteBuffer.wrap(text(own).getBytes(US_ASCII)), 0);
          }
        });
  }
}
