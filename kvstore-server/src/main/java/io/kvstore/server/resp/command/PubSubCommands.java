package io.kvstore.server.resp.command;

import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.ByteString;
import io.kvstore.server.resp.protocol.Glob;
import io.kvstore.server.resp.protocol.Payload;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.PubSub;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Publish/subscribe commands, between clients of this process; messages are not stored. */
final class PubSubCommands {
  private PubSubCommands() {}

  static List<RespCommand> all() {
    return List.of(
        command("subscribe", -2, PubSubCommands::subscribe).with(Flag.SUBSCRIBER, Flag.NO_MULTI),
        command("psubscribe", -2, PubSubCommands::subscribePatterns)
            .with(Flag.SUBSCRIBER, Flag.NO_MULTI),
        command("unsubscribe", -1, PubSubCommands::unsubscribe)
            .with(Flag.SUBSCRIBER, Flag.NO_MULTI),
        command("punsubscribe", -1, PubSubCommands::unsubscribePatterns)
            .with(Flag.SUBSCRIBER, Flag.NO_MULTI),
        command("publish", 3, PubSubCommands::publish).with(Flag.FAST),
        command("pubsub", -2, call -> {})
            .with(
                List.of(
                    command("pubsub|channels", -2, PubSubCommands::channels),
                    command("pubsub|numsub", -2, PubSubCommands::subscribers),
                    command("pubsub|numpat", 2, PubSubCommands::patterns))));
  }

  private static RespCommand command(String name, int arity, RespCommand.Action action) {
    return new RespCommand(name, arity, Keys.NONE, action)
        .with(Flag.PUBSUB, Flag.LOADING, Flag.STALE)
        .in("pubsub");
  }

  private static void subscribe(CommandContext call) {
    for (int i = 1; i < call.count(); i++) {
      checkChannel(call, i);
    }
    add(call, "subscribe", call.context().pubSub()::subscribe);
  }

  private static void subscribePatterns(CommandContext call) {
    for (int i = 1; i < call.count(); i++) {
      Glob.checkLength(call.request(), i);
    }
    add(call, "psubscribe", call.context().pubSub()::subscribePattern);
  }

  private static void checkChannel(CommandContext call, int i) {
    if (call.request().length(i) > RespLimits.MAX_CHANNEL_BYTES) {
      throw new RespException(
          "ERR the channel has more than the limit of " + RespLimits.MAX_CHANNEL_BYTES + " bytes");
    }
  }

  private static void add(CommandContext call, String kind, BiConsumer<Client, byte[]> to) {
    call.work().spend(call.count());
    for (int i = 1; i < call.count(); i++) {
      byte[] name = call.bytes(i);
      to.accept(call.client(), name);
      confirm(call, kind, name);
    }
  }

  private static void unsubscribe(CommandContext call) {
    remove(call, "unsubscribe", call.client().channels(), call.context().pubSub()::unsubscribe);
  }

  private static void unsubscribePatterns(CommandContext call) {
    remove(
        call,
        "punsubscribe",
        call.client().patterns(),
        call.context().pubSub()::unsubscribePattern);
  }

  private static void remove(
      CommandContext call, String kind, Set<ByteString> own, BiConsumer<Client, byte[]> from) {
    call.work().spend(call.count() > 1 ? call.count() : own.size());
    if (call.count() > 1) {
      for (int i = 1; i < call.count(); i++) {
        byte[] name = call.bytes(i);
        from.accept(call.client(), name);
        confirm(call, kind, name);
      }
    } else if (own.isEmpty()) {
      confirm(call, kind, null);
    } else {
      for (ByteString name : List.copyOf(own)) {
        from.accept(call.client(), name.bytes());
        confirm(call, kind, name.bytes());
      }
    }
  }

  private static void confirm(CommandContext call, String kind, byte @Nullable [] name) {
    call.out().push(3);
    call.out().bulk(kind);
    if (name == null) {
      call.out().nothing();
    } else {
      call.out().bulk(name);
    }
    call.out().integer(call.client().subscriptions());
  }

  private static void publish(CommandContext call) {
    checkChannel(call, 1);
    call.work().spend(Turn.ofBytes(call.request().length(2)));
    call.work().reserve(call.request().length(2));
    Payload payload = new Payload(call.bytes(2), call.context().sending());
    List<PubSub.Delivery> deliveries =
        call.context().pubSub().deliveries(call.bytes(1), payload, call.work());
    call.work().afterwards(() -> payload.begin(deliveries.size()));
    deliveries.forEach(call.work()::afterwards);
    call.out().integer(deliveries.size());
  }

  private static void channels(CommandContext call) {
    if (call.count() > 3) {
      throw ServerCommands.unknownPart(call);
    }
    Glob glob = call.count() == 3 ? Glob.of(call.request(), 2) : null;
    List<byte[]> channels =
        call.context().pubSub().channels().stream()
            .filter(channel -> isWanted(call, channel, glob))
            .toList();
    call.out().array(channels.size());
    channels.forEach(call.out()::bulk);
  }

  private static boolean isWanted(CommandContext call, byte[] channel, @Nullable Glob glob) {
    long stepsBefore = glob == null ? 0 : glob.steps();
    boolean isWanted = glob == null || glob.matches(channel);
    call.work().spend(1 + (glob == null ? 0 : Turn.ofBytes(glob.steps() - stepsBefore)));
    return isWanted;
  }

  private static void subscribers(CommandContext call) {
    call.work().spend(call.count());
    call.out().array(2 * (call.count() - 2));
    for (int i = 2; i < call.count(); i++) {
      byte[] channel = call.bytes(i);
      call.out().bulk(channel);
      call.out().integer(call.context().pubSub().subscribers(channel));
    }
  }

  private static void patterns(CommandContext call) {
    call.out().integer(call.context().pubSub().patternCount());
  }
}
