package io.kvstore.server.resp.session;

import io.kvstore.server.auth.Grant;
import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The authorization of commands, for clients with limited rights. A client that may not use every
 * key may only run commands that name all keys they use, and some that use none.
 */
public final class Permissions {
  /** Commands that change something other than a key. */
  private static final Set<String> CHANGES = Set.of("publish", "save", "bgsave", "client|kill");

  private static final Set<String> GROUPS_WITHOUT_KEYS = Set.of("connection", "transactions");

  private static final Set<String> WITHOUT_KEYS = Set.of("info", "time", "lastsave", "wait");

  /** Commands that show or disconnect other clients. */
  private static final Set<String> OF_OTHERS = Set.of("client|list", "client|kill");

  private Permissions() {}

  /**
   * Authorizes a command.
   *
   * @throws RespException if the client has not the rights
   */
  public static void check(Grant grant, RespCommand command, Request request) {
    boolean changes = command.has(Flag.WRITE) || CHANGES.contains(command.name());
    if (changes && !grant.mayWrite()) {
      throw notThisCommand(command);
    }
    if (grant.isUnlimited()) {
      return;
    }
    if (command.keys().equals(Keys.NONE)) {
      if (!usesNoKeys(command)) {
        throw notThisCommand(command);
      }
      return;
    }
    Keys keys = command.keys();
    int last = keys.last() < 0 ? request.count() + keys.last() : keys.last();
    for (int i = keys.first(); i <= last && i < request.count(); i += keys.step()) {
      if (!grant.covers(request.bytes(i))) {
        throw new RespException(
            "NOPERM this user has no permissions to access one of the keys used as arguments");
      }
    }
  }

  /**
   * Authorizes a part of a command that uses every key.
   *
   * @param grant the current rights of the client; null if it has none any more
   * @throws RespException if the client has not the rights
   */
  public static void requireAll(@Nullable Grant grant, boolean changes) {
    if (grant == null || !grant.isUnlimited() || (changes && !grant.mayWrite())) {
      throw new RespException("NOPERM the permissions of this user have changed meanwhile");
    }
  }

  /** Returns whether a client may receive the messages of channels, as it may subscribe. */
  static boolean allowMessages(@Nullable Grant grant) {
    return grant != null && grant.isUnlimited();
  }

  private static boolean usesNoKeys(RespCommand command) {
    boolean named =
        GROUPS_WITHOUT_KEYS.contains(command.group())
            || WITHOUT_KEYS.contains(command.name())
            || command.name().startsWith("command");
    return named && !OF_OTHERS.contains(command.name());
  }

  private static RespException notThisCommand(RespCommand command) {
    return new RespException(
        "NOPERM this user has no permissions to run the '" + command.name() + "' command");
  }
}
