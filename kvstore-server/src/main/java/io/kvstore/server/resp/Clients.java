package io.kvstore.server.resp;

import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Who is connected, by id. Safe for use by any thread. */
final class Clients {
  private final ConcurrentSkipListMap<Long, Client> byId = new ConcurrentSkipListMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Counters counters;
  private final int most;

  Clients(Counters counters, int most) {
    this.counters = counters;
    this.most = most;
  }

  Client join(Client.Line line, String address, String localAddress, Transaction transaction) {
    Client client = new Client(counters.connected(), line, address, localAddress, transaction);
    byId.put(client.id(), client);
    count.incrementAndGet();
    return client;
  }

  void leave(Client client) {
    if (byId.remove(client.id()) != null) {
      count.decrementAndGet();
    }
  }

  /** Tells whether there are more than there may be. */
  boolean isOverfull() {
    return count.get() > most;
  }

  int count() {
    return count.get();
  }

  int most() {
    return most;
  }

  Collection<Client> all() {
    return Collections.unmodifiableCollection(byId.values());
  }
}
