package io.kvstore.server.resp.session;

import io.kvstore.server.auth.Admission;
import io.kvstore.server.auth.Grant;
import io.kvstore.server.net.SendBudget;
import io.kvstore.server.resp.protocol.ByteString;
import io.kvstore.server.resp.protocol.Message;
import io.kvstore.server.resp.protocol.RespReplies;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A client: its connection, and the attributes that it has set. Changed on the event loop of the
 * connection only; volatile attributes may be read by any thread.
 */
public final class Client {

  /** The connection of a client, as other clients use it, from any thread. */
  public interface Connection extends Executor {
    /** Runs a task on the event loop of the connection. */
    @Override
    void execute(Runnable task);

    /** Runs a task on the event loop, after all other connections have had a turn. */
    void afterOthers(Runnable task);

    /** Sends a message after the current reply, or closes if too many messages are unread. */
    void deliver(Message message);

    /** Closes once all replies are sent; called on the event loop. */
    void end();

    /** Closes at once. */
    void close();
  }

  private final long id;
  private final Connection connection;
  private final String address;
  private final String localAddress;
  private final long sinceMillis = System.currentTimeMillis();
  private final Transaction transaction;
  private final Set<ByteString> channels = new LinkedHashSet<>();
  private final Set<ByteString> patterns = new LinkedHashSet<>();

  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());

  /** The memory for the names of subscriptions; null before the first one. */
  private SendBudget.@Nullable Share names;

  private volatile String name = "";
  private volatile String library = "";
  private volatile String libraryVersion = "";
  private volatile String lastCommand = "NULL";
  private volatile int protocol = RespReplies.RESP2;
  private volatile int subscriptions;
  private volatile @Nullable Admission admission;
  private volatile boolean gone;

  Client(
      long id,
      Connection connection,
      String address,
      String localAddress,
      Transaction transaction) {
    this.id = id;
    this.transaction = transaction;
    this.connection = connection;
    this.address = address;
    this.localAddress = localAddress;
  }

  public long id() {
    return id;
  }

  public Connection connection() {
    return connection;
  }

  public String address() {
    return address;
  }

  public String localAddress() {
    return localAddress;
  }

  public Transaction transaction() {
    return transaction;
  }

  /** The channels that the client has subscribed to; for {@link PubSub}, which keeps the count. */
  public Set<ByteString> channels() {
    return channels;
  }

  public Set<ByteString> patterns() {
    return patterns;
  }

  /** Returns the share of the memory for the names of subscriptions. */
  SendBudget.Share names(SendBudget memory) {
    SendBudget.Share share = names;
    if (share == null) {
      share = memory.share();
      names = share;
    }
    return share;
  }

  public int subscriptions() {
    return subscriptions;
  }

  void countSubscriptions() {
    subscriptions = channels.size() + patterns.size();
  }

  public String name() {
    return name;
  }

  public void name(String newName) {
    name = newName;
  }

  public void library(@Nullable String newLibrary, @Nullable String newVersion) {
    library = newLibrary == null ? library : newLibrary;
    libraryVersion = newVersion == null ? libraryVersion : newVersion;
  }

  /** The attributes that commands change, as a copy to restore if a transaction is discarded. */
  public record Attributes(
      String name,
      String library,
      String libraryVersion,
      int protocol,
      @Nullable Admission admission) {}

  public Attributes attributes() {
    return new Attributes(name, library, libraryVersion, protocol, admission);
  }

  public void attributes(Attributes earlier) {
    name = earlier.name();
    library = earlier.library();
    libraryVersion = earlier.libraryVersion();
    protocol = earlier.protocol();
    admission = earlier.admission();
  }

  public int protocol() {
    return protocol;
  }

  public void protocol(int version) {
    protocol = version;
  }

  /** Whether the client is authenticated, or need not be. */
  public boolean isAuthenticated() {
    return grant() != null;
  }

  /** Returns the current rights, or null if the client is not authenticated. */
  public @Nullable Grant grant() {
    Admission admitted = admission;
    return admitted == null ? null : admitted.grant();
  }

  /** Returns the user name that the client is authenticated as. */
  public String userName() {
    Grant granted = grant();
    return granted == null ? Authentication.DEFAULT_USER : granted.name();
  }

  /** Sets the rights; null for none. */
  public void admit(@Nullable Admission newAdmission) {
    admission = newAdmission;
  }

  /**
   * Records the last command and its time. Called often: writes the command only if it has changed,
   * and the time without memory ordering.
   *
   * @param nanos the time, as {@link System#nanoTime}
   */
  public void called(String command, long nanos) {
    if (!command.equals(lastCommand)) {
      lastCommand = command;
    }
    lastNanos.setOpaque(nanos);
  }

  /** Whether the connection has been closed, so that nobody waits for a reply. */
  public boolean isGone() {
    return gone;
  }

  void leave() {
    gone = true;
  }

  public boolean isSubscriber() {
    return subscriptions > 0;
  }

  /** Returns the line of CLIENT LIST. */
  public String described() {
    long now = System.currentTimeMillis();
    return "id="
        + id
        + " addr="
        + address
        + " laddr="
        + localAddress
        + " fd=-1 name="
        + name
        + " age="
        + (now - sinceMillis) / 1000
        + " idle="
        + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lastNanos.getOpaque())
        + " flags="
        + (isSubscriber() ? "P" : transaction.isOpen() ? "x" : "N")
        + " db=0 sub="
        + channels.size()
        + " psub="
        + patterns.size()
        + " ssub=0 multi="
        + (transaction.isOpen() ? transaction.size() : -1)
        + " qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=0 tot-mem=0"
        + " events=r cmd="
        + lastCommand
        + " user="
        + userName()
        + " redir=-1 resp="
        + protocol
        + " lib-name="
        + library
        + " lib-ver="
        + libraryVersion;
  }
}
