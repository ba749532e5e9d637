package io.kvstore.bench.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;

/** GET and SET of the Redis protocol, version 2. */
final class RespProtocol implements Protocol {
  private static final byte[] GET = "*2\r\n$3\r\nGET\r\n$".getBytes(US_ASCII);
  private static final byte[] SET = "*3\r\n$3\r\nSET\r\n$".getBytes(US_ASCII);
  private static final byte[] END = "\r\n".getBytes(US_ASCII);
  private static final byte[] NEXT = "\r\n$".getBytes(US_ASCII);

  @Override
  public void install(ChannelPipeline pipeline, ResponseHandler handler) {
    pipeline.addLast(new RespReplyReader(handler));
  }

  @Override
  public void get(ByteBuf out, byte[] key) {
    out.writeBytes(GET);
    Protocol.writeNumber(out, key.length);
    out.writeBytes(END).writeBytes(key).writeBytes(END);
  }

  @Override
  public void put(ByteBuf out, byte[] key, byte[] value, int length) {
    out.writeBytes(SET);
    Protocol.writeNumber(out, key.length);
    out.writeBytes(END).writeBytes(key).writeBytes(NEXT);
    Protocol.writeNumber(out, length);
    out.writeBytes(END).writeBytes(value, 0, length).writeBytes(END);
  }
}
