package io.kvstore.codec;

final class BytesCodec implements Codec<byte[]> {

  @Override
  public byte[] encode(byte[] object) {
    return object;
  }

  @Override
  public byte[] decode(byte[] bytes) {
    return bytes;
  }
}
