package io.kvstore.server.http;

import io.kvstore.server.accesslog.AccessLog;
import io.kvstore.server.auth.TokenFile;
import io.kvstore.server.net.ReceiveBudget;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the door uses besides the store, and does not close.
 *
 * @param first puts what stands between a connection's socket and everything else, such as TLS,
 *     into the pipeline
 * @param tokens what clients have to have one of, or null if they need none
 * @param receiving memory for bodies that are on their way
 * @param log where requests are written down, or null for nowhere
 */
public record HttpServices(
    Consumer<Channel> first,
    @Nullable TokenFile tokens,
    ReceiveBudget receiving,
    @Nullable AccessLog log) {

  /** Serves everybody, with nothing before the connection, and as much memory as there is. */
  public static HttpServices none() {
    return new HttpServices(channel -> {}, null, new ReceiveBudget(Long.MAX_VALUE), null);
  }
}
