package io.kvstore.server.resp.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message to subscribers, encoded once for each version of the protocol. A short payload is part
 * of the encoding; a long one follows it, and all subscribers share its bytes.
 */
public final class Message {
  private final byte @Nullable [] pattern;
  private final byte[] channel;
  private final Payload payload;
  private volatile byte @Nullable [] inResp2;
  private volatile byte @Nullable [] inResp3;

  /**
   * Creates a message.
   *
   * @param pattern the pattern that the channel matches, or null for subscribers of the channel
   *     itself
   */
  public Message(byte @Nullable [] pattern, byte[] channel, Payload payload) {
    this.pattern = pattern;
    this.channel = channel;
    this.payload = payload;
  }

  /** Adds the message, whole, to the replies to a client. */
  public void addTo(RespReplies out) {
    out.raw(bytes(out.protocol()));
    if (isLong()) {
      out.raw(payload.bytes());
      out.end();
    }
  }

  /** The approximate length of the message. */
  public int length() {
    return channel.length + payload.bytes().length;
  }

  /** Whether the payload and a line end follow {@link #bytes}. */
  public boolean isLong() {
    return payload.isLong();
  }

  /** Returns a long payload, read-only. */
  public ByteBuffer payload() {
    return ByteBuffer.wrap(payload.bytes()).asReadOnlyBuffer();
  }

  /** Must be called once for each recipient: the message has been sent, or will not be. */
  public void done() {
    payload.done();
  }

  /** Returns the message, or what comes before a long payload; must not be changed. */
  public byte[] bytes(int protocol) {
    byte[] known = protocol == RespReplies.RESP2 ? inResp2 : inResp3;
    if (known != null) {
      return known;
    }
    byte[] written = write(protocol);
    if (protocol == RespReplies.RESP2) {
      inResp2 = written;
    } else {
      inResp3 = written;
    }
    return written;
  }

  private byte[] write(int protocol) {
    RespReplies out = new RespReplies();
    out.speak(protocol);
    if (pattern == null) {
      out.push(3);
      out.bulk("message");
    } else {
      out.push(4);
      out.bulk("pmessage");
      out.bulk(pattern);
    }
    out.bulk(channel);
    if (payload.isLong()) {
      out.bulkHead(payload.bytes().length);
    } else {
      out.bulk(payload.bytes());
    }
    return out.toArray();
  }
}
