package io.kvstore.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

final class StringCodec implements Codec<String> {

  @Override
  public byte[] encode(String object) {
    byte[] bytes = object.getBytes(UTF_8);
    // getBytes writes a question mark for a lone surrogate: two keys could become one.
    if (hasQuestionMark(bytes) && hasLoneSurrogate(object)) {
      throw new IllegalArgumentException(
          "the string has a lone surrogate, which has no UTF-8 form");
    }
    return bytes;
  }

  @Override
  public String decode(byte[] bytes) {
    String string = new String(bytes, UTF_8);
    // Decoding replaces malformed bytes by U+FFFD, so only a string that contains it needs the
    // strict check.
    if (string.indexOf('\uFFFD') >= 0) {
      requireUtf8(bytes);
    }
    return string;
  }

  private static boolean hasQuestionMark(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '?') {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLoneSurrogate(String string) {
    for (int i = 0; i < string.length(); i += Character.charCount(string.codePointAt(i))) {
      int c = string.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return true;
      }
    }
    return false;
  }

  private static void requireUtf8(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the bytes are not UTF-8", e);
    }
  }
}
