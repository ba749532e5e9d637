package io.kvstore.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvstore.CorruptStoreException;
import io.kvstore.log.FileReplacement;
import io.kvstore.log.LogTail;
import io.kvstore.log.Storage;
import io.kvstore.log.TextChecksum;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The branches of a store, in a small text file of its directory, with enough of the other files to
 * find out whether it belongs to them. It is replaced as a whole before the first write of an
 * opening and when the store is closed after that. A store without it loses nothing but the
 * knowledge of where its versions come from.
 *
 * @param owner see {@link Manifest#owner}
 * @param inode of the file itself, which a copy does not have; {@link #BACKUP} or {@link #NO_INODE}
 * @param tail the last segment of the log when this was written
 * @param schemas what the schemas were then
 * @param closed the last change of a store that was closed; {@link #OPEN} if it was not
 * @param branches in order, at least one
 */
record HistoryFile(
    long owner, long inode, LogTail tail, Schemas schemas, long closed, List<Branch> branches) {
  static final String FILE = "history";

  /** In place of an inode: a backup has written this. */
  static final long BACKUP = -1;

  /** In place of an inode, where files have none. */
  static final long NO_INODE = 0;

  /** In place of a version. */
  static final long OPEN = -1;

  /** So many openings that have written anything are told apart; the latest. */
  static final int MAX_BRANCHES = 1024;

  private static final int MAX_BYTES = 1 << 17;

  private static final Pattern TEXT =
      Pattern.compile(
          "(kvstore history\\nowner ([0-9a-f]{16})\\nfile (\\d{1,18}|backup|unknown)\\n"
              + "log (\\d{1,18}) ([0-9a-f]{8})\\nschemas (\\d{1,9}) ([0-9a-f]{8})\\n"
              + "(?:closed (\\d{1,18})|open)\\n"
              // No repeated group: matching one takes stack for every line.
              + "([ \\da-z\\n]+)\\n)checksum ([0-9a-f]{8})\\n");

  /**
   * The lines of {@link SchemaFile}, which are only ever added to.
   *
   * @param checksum of all of them
   */
  record Schemas(int count, String checksum) {
    static Schemas of(List<String> lines) {
      return new Schemas(lines.size(), TextChecksum.of(String.join("\n", lines)));
    }

    /** Tells whether lines go on from these. */
    boolean isStartOf(List<String> lines) {
      return count <= lines.size() && equals(of(lines.subList(0, count)));
    }
  }

  /**
   * Returns what a directory has, or null.
   *
   * @throws CorruptStoreException if it is not what was written
   */
  static @Nullable HistoryFile read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      return null;
    }
    Matcher text = TEXT.matcher(bytes.length > MAX_BYTES ? "" : new String(bytes, US_ASCII));
    if (!text.matches() || !text.group(10).equals(TextChecksum.of(text.group(1)))) {
      throw new CorruptStoreException(file, 0, "the history is not what was written");
    }
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      throw new CorruptStoreException(file, 0, "the history can't be read");
    }
  }

  private static HistoryFile parse(Matcher text) {
    List<Branch> branches = new ArrayList<>();
    for (String line : text.group(9).split("\n", -1)) {
      String[] words = line.split(" ", -1);
      if (words.length != 3) {
        throw new IllegalArgumentException(line);
      }
      Branch.Cause cause = Branch.Cause.valueOf(words[2].toUpperCase(Locale.ROOT));
      long id = HexFormat.fromHexDigitsToLong(words[1]);
      branches.add(new Branch(id, Long.parseLong(words[0]), cause));
    }
    int secret = HexFormat.fromHexDigits(text.group(5));
    return new HistoryFile(
        HexFormat.fromHexDigitsToLong(text.group(2)),
        inode(text.group(3)),
        new LogTail(Long.parseLong(text.group(4)), secret, 0),
        new Schemas(Integer.parseInt(text.group(6)), text.group(7)),
        text.group(8) == null ? OPEN : Long.parseLong(text.group(8)),
        List.copyOf(branches));
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

  /** Tells whether the file in a directory is a copy of one, as far as that can be known. */
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

  /** Writes the file durably in place of any other, with its own inode, unless it is a backup's. */
  void write(Path directory, Storage storage) throws IOException {
    Path staged = directory.resolve(FILE + FileReplacement.SUFFIX);
    FileReplacement.write(
        directory,
        FILE,
        storage,
        channel -> {
          long own = inode == BACKUP ? BACKUP : inodeOf(staged);
          storage.write(channel, ByteBuffer.wrap(text(own).getBytes(US_ASCII)), 0);
        });
  }
}
