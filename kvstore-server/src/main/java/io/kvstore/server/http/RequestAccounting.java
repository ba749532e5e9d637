package io.kvstore.server.http;

import io.kvstore.server.http.response.ResponseWriter;
import io.kvstore.server.net.RequestMeter;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;

/**
 * The accounting of one connection's requests: the metrics, and the access log if there is one.
 * Called from the connection's event loop.
 */
final class RequestAccounting {
  private final RequestMeter meter;
  private final LoggedRequests logged;
  private Operation operation = Operation.OTHER;

  RequestAccounting(RequestMeter meter, LoggedRequests logged) {
    this.meter = meter;
    this.logged = logged;
  }

  /** A request begins whose type is not known yet. */
  void begun(HttpRequest head, Channel channel) {
    meter.begun();
    logged.begun(head, channel);
    operation = Operation.OTHER;
  }

  /** A request begins that is not logged, since nothing was kept of its head. */
  void begun(Operation known) {
    meter.begun();
    operation = known;
  }

  /** The type of the current request is known. */
  void is(Operation known) {
    operation = known;
  }

  /** The current request, or what could not be parsed as one, is answered. */
  void answered(ResponseWriter out, Channel channel) {
    meter.answered(operation.number(), out.status().code());
    logged.answered(out, channel);
  }

  /**
   * The answers so far are sent.
   *
   * @param isBusy whether there is a request that is not answered
   */
  void sent(boolean isBusy) {
    meter.sent(isBusy);
  }

  /** Something failed that is no fault of the client's. */
  void failed(String source, String text) {
    meter.failed(source, text);
  }
}
