package io.kvstore.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The content of the file {@code segments} of a store, parsed according to the format description,
 * without any of the code under test.
 *
 * @param log the names of the remaining files of the log up to {@code through}
 * @param compacted the names of the compacted files
 */
public record ListFile(
    long through, long before, long synced, List<String> log, List<String> compacted) {
  public static final String NAME = "segments";

  /** What holds where there is no file. */
  private static final ListFile NONE = new ListFile(0, 0, 0, List.of(), List.of());

  /** Reads the list of an image, which has to be whole. */
  public static ListFile of(StoreImage image) {
    if (!image.has(NAME)) {
      return NONE;
    }
    String text = new String(image.bytes(NAME), US_ASCII);
    int end = text.indexOf("checksum ");
    CRC32C crc = new CRC32C();
    crc.update(text.substring(0, end).getBytes(US_ASCII));
    List<String> lines = text.lines().toList();
    boolean isOfFormat2 = lines.size() == 7;
    if ((lines.size() != 10 && !isOfFormat2)
        || !lines.get(0).equals("kvstore segments")
        || !lines.get(lines.size() - 1).equals("checksum %08x".formatted(crc.getValue()))) {
      throw new AssertionError("no list of segments: " + text);
    }
    return new ListFile(
        number(lines.get(1), "through"),
        number(lines.get(2), "before"),
        number(lines.get(3), "synced"),
        files(lines.get(isOfFormat2 ? 4 : 5), "log", ".segment"),
        files(lines.get(isOfFormat2 ? 5 : 6), "compacted", ".compacted"));
  }

  private static long number(String line, String name) {
    return Long.parseLong(words(line, name).get(0));
  }

  private static List<String> words(String line, String name) {
    List<String> words = List.of(line.split(" ", -1));
    if (!words.get(0).equals(name)) {
      throw new AssertionError(line);
    }
    return words.subList(1, words.size());
  }

  private static List<String> files(String line, String name, String suffix) {
    List<String> files = new ArrayList<>();
    for (String segment : words(line, name)) {
      String[] ends = segment.split(":", -1)[0].split("-", -1);
      for (long id = Long.parseLong(ends[0]); id <= Long.parseLong(ends[ends.length - 1]); id++) {
        files.add(fileOf(id, suffix));
      }
    }
    return files;
  }

  private static String fileOf(long id, String suffix) {
    return "%010d".formatted(id) + suffix;
  }

  /** Returns the name of the first file of the log that is newer than the list. */
  public String next() {
    return fileOf(through + 1, ".segment");
  }

  /** Returns all files that are named, in the order in which an opening looks at them. */
  public List<String> named() {
    List<String> named = new ArrayList<>(compacted);
    named.addAll(log);
    return named;
  }

  /** Returns the files of the log that are newer than the list. */
  public List<String> newer(StoreImage image) {
    return image.segments().stream().filter(file -> file.compareTo(next()) >= 0).toList();
  }
}
