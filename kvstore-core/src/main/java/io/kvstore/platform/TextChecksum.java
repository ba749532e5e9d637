package io.kvstore.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The checksum at the end of the small text files of a store: the CRC-32C of the text before it.
 */
public final class TextChecksum {
  private TextChecksum() {}

  /** Returns the checksum of a text's UTF-8, in eight hexadecimal digits. */
  public static String of(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
