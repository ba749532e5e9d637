package io.kvstore.server.http;

import io.kvstore.server.http.response.ResponseWriter;
import io.kvstore.server.net.RequestMeter;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;

/**
 * The accounting of one connection's requests: the metrics, and the access log if there is one.
 * Called on the connection's event loop.
 */
final class RequestAccounting {
  private final RequestMeter meter;
  private final LoggedRequests logged;
  private Operation operation = Operation.OTHER;

  RequestAccounting(RequestMeter meter, LoggedRequests logged) {
    this.meter = meter;
    this.logged = logged;
  }

  /** Records the start of a request of unknown type. */
  void begun(HttpRequest head, Channel channel) {
    meter.begun();
    logged.begun(head, channel);
    operation = Operation.OTHER;
  }

  /** Records the start of a fast-path request, which is never logged. */
  void begun(Operation known) {
    meter.begun();
    operation = known;
  }

  /** Records the type of the current request. */
  void is(Operation known) {
    operation = known;
  }

  /** Records that the current request, or input that could not be parsed as one, is answered. */
  void answered(ResponseWriter out, Channel channel) {
    meter.answered(operation.number(), out.status().code());
    logged.answered(out, channel);
  }

  /**
   * Records that the responses so far are sent.
   *
   * @param isBusy whether a request is not answered yet
   */
  void sent(boolean isBusy) {
    meter.sent(isBusy);
  }

  /** Records an internal error. */
  void failed(String source, String text) {
    meter.failed(source, text);
  }
}
