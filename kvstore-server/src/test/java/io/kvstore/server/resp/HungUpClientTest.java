package io.kvstore.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.server.net.Budgets;
import io.kvstore.server.resp.session.Authentication;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import org.junit.jupiter.api.Test;

/** A connection that both sides have ended: it is closed, and waits for nothing. */
class HungUpClientTest {
  @Test
  void clientThatHangsUpAfterTheLastReplyIsNotWaitedFor() {
    try (KvStore<byte[], byte[]> store = RespServer.store()) {
      HalvedChannel channel =
          new HalvedChannel(
              new RespChannel(
                  store,
                  RespServer.limits(),
                  Authentication.OPEN,
                  first -> {},
                  Budgets.unlimited()));
      channel.writeInbound(Unpooled.wrappedBuffer(RespClient.latin1("QUIT\r\n")));
      assertThat(channel.isOutputShutdown()).isTrue();
      assertThat(channel.isOpen()).as("the client may still be sending").isTrue();

      channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      channel.runPendingTasks();

      assertThat(channel.isOpen()).isFalse();
      channel.finishAndReleaseAll();
    }
  }

  /** One whose sides end one by one, as those of a socket do. */
  private static final class HalvedChannel extends EmbeddedChannel implements DuplexChannel {
    private boolean outputShut;

    HalvedChannel(ChannelHandler handler) {
      super(handler);
    }

    @Override
    public boolean isOutputShutdown() {
      return outputShut;
    }

    @Override
    public ChannelFuture shutdownOutput() {
      return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
      outputShut = true;
      return promise.setSuccess();
    }

    @Override
    public boolean isInputShutdown() {
      return false;
    }

    @Override
    public ChannelFuture shutdownInput() {
      return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
      return promise.setFailure(new UnsupportedOperationException());
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public ChannelFuture shutdown() {
      return shutdownInput();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
      return shutdownInput(promise);
    }
  }
}
