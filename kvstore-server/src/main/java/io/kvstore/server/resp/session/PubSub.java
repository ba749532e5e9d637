package io.kvstore.server.resp.session;

import io.kvstore.server.net.SendBudget;
import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.ByteString;
import io.kvstore.server.resp.protocol.Glob;
import io.kvstore.server.resp.protocol.Message;
import io.kvstore.server.resp.protocol.Payload;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The registry of subscriptions. Safe for use by any thread; subscriptions of a client are only
 * changed on its own event loop.
 */
public final class PubSub {
  /** The work of a delivery: mostly that of a write to the subscriber's socket. */
  private static final long WORK_PER_DELIVERY = 8;

  private final SendBudget memory;
  private final Map<ByteString, Set<Client>> channels = new ConcurrentHashMap<>();
  private final Map<ByteString, Set<Client>> patterns = new ConcurrentHashMap<>();

  /**
   * @param memory the budget that the names of subscriptions count in
   */
  PubSub(SendBudget memory) {
    this.memory = memory;
  }

  public void subscribe(Client client, byte[] channel) {
    add(channels, client, client.channels(), new ByteString(channel));
    client.countSubscriptions();
  }

  public void subscribePattern(Client client, byte[] pattern) {
    add(patterns, client, client.patterns(), new ByteString(pattern));
    client.countSubscriptions();
  }

  public void unsubscribe(Client client, byte[] channel) {
    remove(channels, client, client.channels(), new ByteString(channel));
    client.countSubscriptions();
  }

  public void unsubscribePattern(Client client, byte[] pattern) {
    remove(patterns, client, client.patterns(), new ByteString(pattern));
    client.countSubscriptions();
  }

  private void add(
      Map<ByteString, Set<Client>> all, Client client, Set<ByteString> own, ByteString name) {
    if (own.contains(name)) {
      return;
    }
    if (client.subscriptions() >= RespLimits.MAX_SUBSCRIPTIONS) {
      throw new RespException(
          "ERR more than the limit of " + RespLimits.MAX_SUBSCRIPTIONS + " subscriptions");
    }
    SendBudget.Share names = client.names(memory);
    if (!names.use(cost(name))) {
      throw RespException.noMemory(names);
    }
    own.add(name);
    all.compute(
        name,
        (key, clients) -> {
          Set<Client> set = clients == null ? ConcurrentHashMap.newKeySet() : clients;
          set.add(client);
          return set;
        });
  }

  private static int cost(ByteString name) {
    return name.bytes().length + RespLimits.KEPT_NAME_COST;
  }

  private void remove(
      Map<ByteString, Set<Client>> all, Client client, Set<ByteString> own, ByteString name) {
    if (own.remove(name)) {
      client.names(memory).free(cost(name));
      all.computeIfPresent(
          name,
          (key, clients) -> {
            clients.remove(client);
            return clients.isEmpty() ? null : clients;
          });
    }
  }

  /** Ends all subscriptions of a client. */
  public void leave(Client client) {
    for (ByteString name : List.copyOf(client.channels())) {
      remove(channels, client, client.channels(), name);
    }
    for (ByteString name : List.copyOf(client.patterns())) {
      remove(patterns, client, client.patterns(), name);
    }
    client.countSubscriptions();
  }

  /**
   * A message for a client.
   *
   * @param client the recipient
   */
  public record Delivery(Client client, Message message) implements Runnable {
    @Override
    public void run() {
      if (Permissions.allowMessages(client.grant())) {
        client.connection().deliver(message);
      } else {
        client.connection().close(); // as Redis does when the rights of a subscriber are revoked
      }
    }
  }

  /**
   * Returns the deliveries of a message: to subscribers of the channel first, then of patterns.
   * {@link Payload#begin} comes before the first is run.
   *
   * @param work counts the work of finding and making them
   */
  public List<Delivery> deliveries(byte[] channel, Payload payload, UnitOfWork work) {
    List<Delivery> deliveries = new ArrayList<>();
    Set<Client> direct = channels.get(new ByteString(channel));
    if (direct != null) {
      work.spend(WORK_PER_DELIVERY * direct.size());
      Message message = new Message(null, channel, payload);
      direct.forEach(client -> deliveries.add(new Delivery(client, message)));
    }
    patterns.forEach(
        (pattern, clients) -> {
          Glob glob = new Glob(pattern.bytes());
          boolean matches = glob.matches(channel);
          work.spend(1 + Turn.ofBytes(glob.steps()));
          if (matches) {
            work.spend(WORK_PER_DELIVERY * clients.size());
            Message message = new Message(pattern.bytes(), channel, payload);
            clients.forEach(client -> deliveries.add(new Delivery(client, message)));
          }
        });
    return deliveries;
  }

  /** Returns the channels that have subscribers. */
  public List<byte[]> channels() {
    return channels.keySet().stream().map(ByteString::bytes).toList();
  }

  public int subscribers(byte[] channel) {
    Set<Client> clients = channels.get(new ByteString(channel));
    return clients == null ? 0 : clients.size();
  }

  public int channelCount() {
    return channels.size();
  }

  public int patternCount() {
    return patterns.size();
  }
}
