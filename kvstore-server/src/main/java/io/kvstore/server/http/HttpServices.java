package io.kvstore.server.http;

import io.kvstore.server.accesslog.AccessLog;
import io.kvstore.server.auth.TokenFile;
import io.kvstore.server.http.message.CrossOriginPolicy;
import io.kvstore.server.net.Budgets;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The services of the main port besides the store. They are closed by their owner.
 *
 * @param first adds the handlers that must come first in a connection's pipeline, such as TLS
 * @param tokens the tokens that clients must present, or null if none are required
 * @param memory the memory budgets of all connections
 * @param log the access log, or null for none
 * @param policy decides about requests of web pages
 */
public record HttpServices(
    Consumer<Channel> first,
    @Nullable TokenFile tokens,
    Budgets memory,
    @Nullable AccessLog log,
    CrossOriginPolicy policy) {

  /** Returns services without TLS, tokens, memory limit and access log. */
  public static HttpServices none(CrossOriginPolicy policy) {
    return new HttpServices(channel -> {}, null, Budgets.unlimited(), null, policy);
  }
}
