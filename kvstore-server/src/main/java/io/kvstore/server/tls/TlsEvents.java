package io.kvstore.server.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import javax.net.ssl.SSLException;

/**
 * Translates TLS events for the handlers that follow, so that they treat all connections alike:
 * close_notify is the end of input, and a failed handshake is a closed connection.
 */
final class TlsEvents extends ChannelInboundHandlerAdapter {
  private boolean inputShut;

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent) {
      return;
    }
    boolean isLast =
        event instanceof ChannelInputShutdownEvent
            || (event instanceof SslCloseCompletionEvent closed && closed.isSuccess());
    if (!isLast) {
      ctx.fireUserEventTriggered(event);
    } else if (!inputShut) {
      inputShut = true;
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  /** Clients can cause these at will, so nothing is logged. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
      var unused = ctx.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }
}
