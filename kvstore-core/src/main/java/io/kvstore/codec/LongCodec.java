package io.kvstore.codec;

import java.nio.ByteBuffer;

final class LongCodec implements Codec<Long> {
  static final Codec<Long> LONGS = new LongCodec();

  private LongCodec() {}

  @Override
  public byte[] encode(Long object) {
    return ByteBuffer.allocate(Long.BYTES).putLong(object).array();
  }

  @Override
  public Long decode(byte[] bytes) {
    if (bytes.length != Long.BYTES) {
      throw new IllegalArgumentException(bytes.length + " bytes are not a long, which has 8");
    }
    return ByteBuffer.wrap(bytes).getLong();
  }
}
