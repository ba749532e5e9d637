package io.kvstore.server.resp.session;

import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The registry of connected clients, by id. Safe for use by any thread. */
public final class ClientRegistry {
  private final ConcurrentSkipListMap<Long, Client> byId = new ConcurrentSkipListMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Counters counters;
  private final int most;

  ClientRegistry(Counters counters, int most) {
    this.counters = counters;
    this.most = most;
  }

  public Client join(
      Client.Connection connection, String address, String localAddress, Transaction transaction) {
    Client client =
        new Client(counters.connected(), connection, address, localAddress, transaction);
    byId.put(client.id(), client);
    count.incrementAndGet();
    return client;
  }

  public void leave(Client client) {
    client.leave();
    if (byId.remove(client.id()) != null) {
      count.decrementAndGet();
    }
  }

  /** Whether the limit of clients is exceeded. */
  public boolean isOverfull() {
    return count.get() > most;
  }

  public int count() {
    return count.get();
  }

  public int most() {
    return most;
  }

  public Collection<Client> all() {
    return Collections.unmodifiableCollection(byId.values());
  }
}
