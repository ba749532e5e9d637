package io.kvstore.bench.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;

/** A protocol: encodes requests and decodes responses. Used on one thread. */
interface Protocol {
  /** Adds the response reader to a new connection. */
  void install(ChannelPipeline pipeline, ResponseHandler handler);

  /** Writes the request for a value. */
  void get(ByteBuf out, byte[] key);

  /** Writes the request to store the first bytes of an array. */
  void put(ByteBuf out, byte[] key, byte[] value, int length);

  /** Writes a number in decimal digits. */
  static void writeNumber(ByteBuf out, int number) {
    int unit = 1;
    while (number / unit >= 10) {
      unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
      out.writeByte('0' + number / unit % 10);
    }
  }
}
