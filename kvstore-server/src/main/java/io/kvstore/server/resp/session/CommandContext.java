package io.kvstore.server.resp.session;

import io.kvstore.server.net.SendBudget;
import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespReplies;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The context of the command that a connection executes: its arguments, and the services that it
 * uses. One per connection.
 */
public final class CommandContext {

  public static final CompletableFuture<@Nullable Void> DONE =
      CompletableFuture.completedFuture(null);

  private final RespContext context;
  private final Client client;
  private final UnitOfWork work;
  private final RespReplies out;
  private final SendBudget.Share memory;
  private RespCommand command = RespCommand.NONE;
  private Request request = new Request();
  private @Nullable CompletableFuture<Consumer<RespReplies>> later;

  /**
   * @param memory the memory share of the connection for commands and their replies; used where a
   *     command is executed
   */
  public CommandContext(
      RespContext context, Client client, RespReplies out, SendBudget.Share memory) {
    this.memory = memory;
    this.context = context;
    this.client = client;
    this.work = new UnitOfWork(context.store(), memory);
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

  /** The memory share for commands and their replies. */
  public SendBudget.Share memory() {
    return memory;
  }

  /** Sets the future of the reply. The client's next command is executed after it completes. */
  public void answerLater(CompletableFuture<Consumer<RespReplies>> answer) {
    later = answer;
  }

  public @Nullable CompletableFuture<Consumer<RespReplies>> takeLater() {
    CompletableFuture<Consumer<RespReplies>> answer = later;
    later = null;
    return answer;
  }

  // ---- shortcuts for most commands

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

  /** Returns the value of the key in an argument, or null. */
  public @Nullable StoredValue find(int i) {
    return work.find(request.key(i));
  }

  /**
   * Checks the length of a new value before it is made, and adds the work of that.
   *
   * @throws RespException if it exceeds the limit
   */
  public void checkLength(long length) {
    if (length > context.limits().maxValueBytes()) {
      throw new RespException("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    }
    work.spend(Turn.ofBytes(length));
  }
}
