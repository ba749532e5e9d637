package io.kvstore.server.resp.session;

import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.protocol.RespReplies;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The context of the command under way: its arguments and what it works with. One per connection.
 */
public final class CommandContext {

  /** Where long values go, which are not copied. */
  public interface Outlet {
    /** Sends what has been answered so far, then a value from where it lies. */
    void send(ByteBuffer value);
  }

  public static final CompletableFuture<@Nullable Void> DONE =
      CompletableFuture.completedFuture(null);

  private final RespContext context;
  private final Client client;
  private final UnitOfWork work;
  private final RespReplies out;
  private final Outlet outlet;
  private RespCommand command = RespCommand.NONE;
  private Request request = new Request();
  private @Nullable CompletableFuture<Consumer<RespReplies>> later;

  public CommandContext(RespContext context, Client client, RespReplies out, Outlet outlet) {
    this.outlet = outlet;
    this.context = context;
    this.client = client;
    this.work = new UnitOfWork(context.store());
    this.out = out;
  }

  public void set(RespCommand newCommand, Request newRequest) {
    command = newCommand;
    request = newRequest;
  }

  public RespCommand command() {
    return command;
  }

  public Request request() {
    return request;
  }

  public RespContext context() {
    return context;
  }

  public Client client() {
    return client;
  }

  public UnitOfWork work() {
    return work;
  }

  public RespReplies out() {
    return out;
  }

  /** The command is answered when this completes; nothing else of the client's is done before. */
  public void answerLater(CompletableFuture<Consumer<RespReplies>> answer) {
    later = answer;
  }

  public @Nullable CompletableFuture<Consumer<RespReplies>> takeLater() {
    CompletableFuture<Consumer<RespReplies>> answer = later;
    later = null;
    return answer;
  }

  // ---- short for what most commands use

  public int count() {
    return request.count();
  }

  public byte[] key(int i) {
    return request.key(i);
  }

  public byte[] bytes(int i) {
    return request.bytes(i);
  }

  public boolean is(int i, String word) {
    return request.is(i, word);
  }

  public long number(int i) {
    return request.number(i);
  }

  /** Answers a value that the store has; for a {@link RespCommand.Shortcut}. */
  public void answerStored(ByteBuffer value) {
    if (value.remaining() <= RespLimits.MAX_COPIED_VALUE_BYTES) {
      out.bulk(value);
    } else {
      out.bulkHead(value.remaining());
      outlet.send(value);
      out.end();
    }
  }

  /** Returns what the key that is an argument holds, or null. */
  public @Nullable StoredValue find(int i) {
    return work.find(request.key(i));
  }

  /** Returns the error for a value that grows too long. */
  public void checkLength(long length) {
    if (length > context.limits().maxValueBytes()) {
      throw new RespException("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    }
  }
}
