package io.kvstore.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.index.KeyHash;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.Storage;
import io.kvstore.platform.TextChecksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The manifest: the creation parameters of a store, in a small text file that is written once.
 *
 * @param stripes the number of stripes, on which the stripe of a key depends
 * @param hashKey0 one half of the secret of the {@link KeyHash}
 * @param hashKey1 the other half
 */
public record Manifest(int stripes, long hashKey0, long hashKey1) {
  public static final String FILE = "manifest";
  static final String NEW_FILE = FILE + AtomicFile.SUFFIX;

  /** Format 1 had no compacted segments, and format 2 a segment list without checksums of seals. */
  private static final int OLDEST_FORMAT = 1;

  private static final int FORMAT = 3;
  private static final int MAX_BYTES = 4096;

  private static final String START = "kvstore format ";
  private static final String CHECKSUM = "checksum ";

  public static Manifest create(int stripes) {
    SecureRandom random = new SecureRandom();
    return new Manifest(stripes, random.nextLong(), random.nextLong());
  }

  /** Returns whether another manifest is of the same store. */
  public boolean isSame(Manifest other) {
    return stripes == other.stripes && hashKey0 == other.hashKey0 && hashKey1 == other.hashKey1;
  }

  public KeyHash keyHash() {
    return new KeyHash(hashKey0, hashKey1);
  }

  /** Returns a number that identifies the store and does not disclose the secret. */
  public long owner() {
    return keyHash().of(new byte[0]);
  }

  /** Writes the file durably, replacing any other. */
  void write(Path directory, Storage storage) throws IOException {
    ByteBuffer text = ByteBuffer.wrap(text().getBytes(US_ASCII));
    AtomicFile.write(directory, FILE, storage, AtomicFile.of(text, storage));
  }

  /** Writes the staged file. */
  public void stage(Path directory, Storage storage) throws IOException {
    ByteBuffer text = ByteBuffer.wrap(text().getBytes(US_ASCII));
    AtomicFile.stage(directory, FILE, storage, AtomicFile.of(text, storage));
  }

  /** Returns whether the staged file has this content. */
  public boolean isStaged(Path directory) throws IOException {
    Path file = directory.resolve(NEW_FILE);
    return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), text().getBytes(US_ASCII));
  }

  /** Sets the format of an older directory to that of this version. */
  public void upgrade(Path directory, Storage storage) throws IOException {
    String text = Files.readString(directory.resolve(FILE), US_ASCII);
    if (!text.equals(text())) {
      write(directory, storage);
    }
  }

  public static Manifest read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    long size = Files.size(file);
    String body = body(size > MAX_BYTES ? "" : new String(Files.readAllBytes(file), US_ASCII));
    int format = body == null ? -1 : format(body);
    if (body == null || format < 0) {
      throw new CorruptStoreException(file, 0, "the manifest is not what was written");
    }
    if (format < OLDEST_FORMAT || format > FORMAT) {
      throw new KvStoreException(
          directory
              + " has format "
              + format
              + "; this version of kvstore reads formats 1 to "
              + FORMAT);
    }
    Manifest manifest = parse(body, format);
    if (manifest == null) {
      throw new CorruptStoreException(file, 0, "the manifest is not of format " + FORMAT);
    }
    return manifest;
  }

  /** Returns the text before the checksum, or null if the checksum is wrong. */
  private static @Nullable String body(String text) {
    int end = text.lastIndexOf(CHECKSUM);
    String body = text.substring(0, Math.max(0, end));
    return body.endsWith("\n") && text.equals(withChecksum(body)) ? body : null;
  }

  /** Returns the format number, or -1 if there is none. */
  private static int format(String body) {
    try {
      int end = body.indexOf('\n');
      return body.startsWith(START) ? Integer.parseInt(body.substring(START.length(), end)) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static @Nullable Manifest parse(String body, int format) {
    String[] words = body.replace('\n', ' ').split(" ", -1);
    try {
      Manifest read =
          new Manifest(
              Integer.parseInt(words[4]),
              HexFormat.fromHexDigitsToLong(words[6]),
              HexFormat.fromHexDigitsToLong(words[7]));
      boolean isPossible =
          Integer.bitCount(read.stripes) == 1 && read.stripes <= KvStoreBuilder.MAX_STRIPES;
      return isPossible && read.body(format).equals(body) ? read : null;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private String text() {
    return withChecksum(body(FORMAT));
  }

  private String body(int format) {
    HexFormat hex = HexFormat.of();
    String hashKey = hex.toHexDigits(hashKey0) + ' ' + hex.toHexDigits(hashKey1);
    return START + format + "\nstripes " + stripes + "\nhash-key " + hashKey + '\n';
  }

  private static String withChecksum(String body) {
    return body + CHECKSUM + TextChecksum.of(body) + '\n';
  }
}
