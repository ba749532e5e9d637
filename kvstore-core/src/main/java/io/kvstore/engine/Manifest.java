package io.kvstore.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.log.FileReplacement;
import io.kvstore.log.Storage;
import io.kvstore.log.TextChecksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a directory was created with, in a small text file that is written once.
 *
 * @param stripes how many there are; which one a key is in depends on it
 * @param hashKey0 one half of the secret of the {@link KeyHash}
 * @param hashKey1 the other half
 */
record Manifest(int stripes, long hashKey0, long hashKey1) {
  static final String FILE = "manifest";
  static final String NEW_FILE = FILE + FileReplacement.SUFFIX;

  /** Format 1 had no compacted segments, and format 2 a list that did not say which is which. */
  private static final int OLDEST_FORMAT = 1;

  private static final int FORMAT = 3;
  private static final int MAX_BYTES = 4096;

  private static final Pattern TEXT =
      Pattern.compile("(?s)(kvstore format (\\d{1,9})\\n(?:.*\\n)?)checksum ([0-9a-f]{8})\\n");
  private static final Pattern BODY =
      Pattern.compile(
          "kvstore format [123]\\nstripes (\\d{1,4})\\nhash-key ([0-9a-f]{16}) ([0-9a-f]{16})\\n");

  static Manifest create(int stripes) {
    SecureRandom random = new SecureRandom();
    return new Manifest(stripes, random.nextLong(), random.nextLong());
  }

  KeyHash keyHash() {
    return new KeyHash(hashKey0, hashKey1);
  }

  /** Returns a number that tells stores apart and gives nothing of the secret away. */
  long owner() {
    return keyHash().of(new byte[0]);
  }

  /** Writes the file durably, in place of any other. */
  void write(Path directory, Storage storage) throws IOException {
    ByteBuffer text = ByteBuffer.wrap(text().getBytes(US_ASCII));
    FileReplacement.write(directory, FILE, storage, channel -> storage.write(channel, text, 0));
  }

  /** Writes the file beside its place. */
  void stage(Path directory, Storage storage) throws IOException {
    ByteBuffer text = ByteBuffer.wrap(text().getBytes(US_ASCII));
    FileReplacement.stage(directory, FILE, storage, channel -> storage.write(channel, text, 0));
  }

  /** Tells whether this one is what lies beside its place. */
  boolean isStaged(Path directory) throws IOException {
    Path file = directory.resolve(NEW_FILE);
    return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), text().getBytes(US_ASCII));
  }

  /** Marks an older directory as one that may have what this version writes. */
  void upgrade(Path directory, Storage storage) throws IOException {
    String text = Files.readString(directory.resolve(FILE), US_ASCII);
    if (!text.equals(text())) {
      write(directory, storage);
    }
  }

  static Manifest read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    long size = Files.size(file);
    Matcher text =
        TEXT.matcher(size > MAX_BYTES ? "" : new String(Files.readAllBytes(file), US_ASCII));
    if (!text.matches() || !text.group(3).equals(TextChecksum.of(text.group(1)))) {
      throw new CorruptStoreException(file, 0, "the manifest is not what was written");
    }
    int format = Integer.parseInt(text.group(2));
    if (format < OLDEST_FORMAT || format > FORMAT) {
      throw new KvStoreException(
          directory
              + " has format "
              + format
              + "; this version of kvstore reads formats 1 to "
              + FORMAT);
    }
    Matcher body = BODY.matcher(text.group(1));
    int stripes = body.matches() ? Integer.parseInt(body.group(1)) : 0;
    if (Integer.bitCount(stripes) != 1 || stripes > KvStoreBuilder.MAX_STRIPES) {
      throw new CorruptStoreException(file, 0, "the manifest is not of format " + FORMAT);
    }
    return new Manifest(
        stripes,
        Long.parseUnsignedLong(body.group(2), 16),
        Long.parseUnsignedLong(body.group(3), 16));
  }

  private String text() {
    HexFormat hex = HexFormat.of();
    String hashKey = hex.toHexDigits(hashKey0) + ' ' + hex.toHexDigits(hashKey1);
    String body =
        "kvstore format " + FORMAT + "\nstripes " + stripes + "\nhash-key " + hashKey + '\n';
    return body + "checksum " + TextChecksum.of(body) + "\n";
  }
}
