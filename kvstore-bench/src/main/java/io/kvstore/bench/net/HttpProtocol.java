package io.kvstore.bench.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * HTTP: the path is the key; a put is a POST of a JSON object with the field {@code value}, or a
 * PUT of the raw value.
 */
final class HttpProtocol implements Protocol {
  private static final byte[] GET = ascii("GET /");
  private static final byte[] JSON_START = ascii("{\"value\":\"");
  private static final byte[] JSON_END = ascii("\"}");
  private static final byte[] END = ascii("\r\n\r\n");

  private final boolean json;
  private final byte[] putStart;
  private final byte[] getEnd;
  private final byte[] putEnd;

  /**
   * Makes one for a server.
   *
   * @param host with the port
   * @param json whether to POST
   */
  HttpProtocol(String host, boolean json) {
    this.json = json;
    String version = " HTTP/1.1\r\nHost: " + host + "\r\n";
    putStart = ascii(json ? "POST /" : "PUT /");
    getEnd = ascii(version + "\r\n");
    putEnd =
        ascii(version + (json ? "Content-Type: application/json\r\n" : "") + "Content-Length: ");
  }

  @Override
  public void install(ChannelPipeline pipeline, ResponseHandler handler) {
    pipeline.addLast(new HttpResponseDecoder(), new HttpResponseReader(handler));
  }

  @Override
  public void get(ByteBuf out, byte[] key) {
    out.writeBytes(GET).writeBytes(key).writeBytes(getEnd);
  }

  @Override
  public void put(ByteBuf out, byte[] key, byte[] value, int length) {
    out.writeBytes(putStart).writeBytes(key).writeBytes(putEnd);
    if (json) {
      Protocol.writeNumber(out, JSON_START.length + length + JSON_END.length);
      out.writeBytes(END).writeBytes(JSON_START);
      out.writeBytes(value, 0, length).writeBytes(JSON_END);
    } else {
      Protocol.writeNumber(out, length);
      out.writeBytes(END).writeBytes(value, 0, length);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
