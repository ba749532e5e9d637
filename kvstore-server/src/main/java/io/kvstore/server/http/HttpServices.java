package io.kvstore.server.http;

import io.kvstore.server.accesslog.AccessLog;
import io.kvstore.server.auth.TokenFile;
import io.kvstore.server.net.ReceiveBudget;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The services of the main port besides the store; whoever opened them closes them.
 *
 * @param first puts what stands between a connection's socket and everything else, such as TLS,
 *     into the pipeline
 * @param tokens of which clients need one, or null if they need none
 * @param receiving memory for bodies that are on their way
 * @param log the access log, or null for none
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
