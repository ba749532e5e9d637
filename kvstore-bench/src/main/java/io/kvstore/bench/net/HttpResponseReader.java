package io.kvstore.bench.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Assembles the responses of one HTTP connection. */
final class HttpResponseReader extends ChannelInboundHandlerAdapter {
  private static final int CONTINUE = 100;
  private static final int NOT_FOUND = 404;

  private final ResponseHandler handler;

  /** The parts of a body that came before the last one. */
  private @Nullable ByteBuf parts;

  private int status;
  private boolean isLastOfAll;

  HttpResponseReader(ResponseHandler handler) {
    this.handler = handler;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (((HttpObject) message).decoderResult().isFailure()) {
        handler.unreadable("what is not HTTP");
        return;
      }
      if (message instanceof HttpResponse response) {
        status = response.status().code();
        isLastOfAll = !HttpUtil.isKeepAlive(response);
      }
      if (message instanceof LastHttpContent last) {
        end(last.content());
      } else if (message instanceof HttpContent content && content.content().isReadable()) {
        if (parts == null) {
          parts = ctx.alloc().heapBuffer();
        }
        parts.writeBytes(content.content());
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void end(ByteBuf last) {
    if (status == CONTINUE) {
      return;
    }
    if (isLastOfAll) {
      handler.closing();
    }
    if (parts != null && parts.isReadable()) {
      answer(parts.writeBytes(last));
      parts.clear();
    } else {
      answer(last);
    }
  }

  private void answer(ByteBuf body) {
    if (status >= 200 && status < 300) {
      handler.success(body);
    } else if (status == NOT_FOUND) {
      handler.missing();
    } else {
      handler.failure("status " + status);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (parts != null) {
      parts.release();
      parts = null;
    }
  }
}
