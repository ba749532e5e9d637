package io.kvstore.server.admin.port;

import io.kvstore.server.net.ConnectionCloser;
import io.kvstore.server.net.HttpDate;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the management port: one request, then its response, then the next request. A
 * client that does not send a complete request and read the response before it in time is
 * disconnected.
 */
final class ManagementConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private final ManagementRoutes routes;
  private final Duration patience;
  private @Nullable Future<?> deadline;

  ManagementConnection(ManagementRoutes routes, Duration patience) {
    this.routes = routes;
    this.patience = patience;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    awaitRequest(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopWaiting();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    stopWaiting();
    ctx.channel().config().setAutoRead(false);
    if (request.decoderResult().isFailure()) {
      write(ctx, Reply.problem(HttpResponseStatus.BAD_REQUEST, "This is not well-formed HTTP."));
      ConnectionCloser.closeAfterFlush(ctx);
      return;
    }
    var unused =
        routes
            .answer(Exchange.of(request))
            .thenAcceptAsync(
                reply -> {
                  write(ctx, reply);
                  awaitRequest(ctx);
                },
                ctx.executor());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(Level.ERROR, "A connection of the management port failed", cause);
    }
    ConnectionCloser.closeNow(ctx);
  }

  private void awaitRequest(ChannelHandlerContext ctx) {
    stopWaiting();
    deadline =
        ctx.executor()
            .schedule(
                () -> ConnectionCloser.closeNow(ctx), patience.toMillis(), TimeUnit.MILLISECONDS);
    ctx.channel().config().setAutoRead(true);
  }

  private void stopWaiting() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  private static void write(ChannelHandlerContext ctx, Reply reply) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, reply.status(), Unpooled.wrappedBuffer(reply.body()));
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.DATE, HttpDate.format(Instant.now()));
    headers.set(HttpHeaderNames.CONTENT_TYPE, reply.type());
    headers.set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    headers.set("x-content-type-options", "nosniff");
    headers.set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY");
    headers.set("referrer-policy", "no-referrer");
    headers.set("cross-origin-resource-policy", "same-origin");
    reply.fields().forEach(headers::set);
    var unused = ctx.writeAndFlush(response);
  }
}
