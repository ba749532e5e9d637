package io.kvstore.server.resp.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A message to subscribers, encoded once for each version of the protocol. */
public final class Message {
  private final byte @Nullable [] pattern;
  private final byte[] channel;
  private final byte[] payload;
  private volatile byte @Nullable [] inResp2;
  private volatile byte @Nullable [] inResp3;

  /**
   * Creates a message.
   *
   * @param pattern the pattern that the channel matches, or null for subscribers of the channel
   *     itself
   */
  public Message(byte @Nullable [] pattern, byte[] channel, byte[] payload) {
    this.pattern = pattern;
    this.channel = channel;
    this.payload = payload;
  }

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
    out.bulk(payload);
    return Arrays.copyOf(out.array(), out.size());
  }
}
