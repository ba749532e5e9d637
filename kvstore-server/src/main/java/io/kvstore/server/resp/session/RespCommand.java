package io.kvstore.server.resp.session;

import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A command of the Redis protocol: its name, its arguments and its action. */
public final class RespCommand {

  /** The action of a command. */
  public interface Action {
    /**
     * Executes a command and replies.
     *
     * @throws RespException if it fails; the unit of work is then unchanged
     */
    void run(CommandContext call);
  }

  /** The fast path for the most common calls, outside of transactions. */
  public interface Shortcut {
    /**
     * Executes a command and replies as the {@link Action} would, or returns null to leave it to
     * that.
     *
     * @return completes when the reply is final, and may be sent
     */
    @Nullable CompletableFuture<?> run(CommandContext call);
  }

  /** The flags of a command. */
  public enum Flag {
    WRITE,
    READONLY,
    DENYOOM,
    ADMIN,
    PUBSUB,
    FAST,
    LOADING,
    STALE,
    NOSCRIPT,
    /** Allowed without authentication. */
    NO_AUTH,
    /** Not allowed in a transaction. */
    NO_MULTI,
    /** Executed at once in a transaction, not queued. */
    NOT_QUEUED(false),
    /** Ends the transaction in any case. */
    ENDS_TRANSACTION(false),
    /** Allowed for subscribers in RESP2. */
    SUBSCRIBER(false);

    private final boolean shown;

    Flag() {
      this(true);
    }

    Flag(boolean shown) {
      this.shown = shown;
    }

    /** Whether COMMAND shows the flag. */
    public boolean isPublic() {
      return shown;
    }
  }

  /**
   * The positions of the keys among the arguments.
   *
   * @param last counted from the end if it is negative
   */
  public record Keys(int first, int last, int step) {
    public static final Keys NONE = new Keys(0, 0, 0);
    public static final Keys FIRST = new Keys(1, 1, 1);
    public static final Keys TWO = new Keys(1, 2, 1);
    public static final Keys ALL = new Keys(1, -1, 1);
    public static final Keys PAIRS = new Keys(1, -1, 2);
  }

  /** A placeholder before the first command. */
  public static final RespCommand NONE = new RespCommand("none", -1, Keys.NONE, call -> {});

  private final String name;
  private final byte[] capitals;
  private final int arity;
  private final Keys keys;
  private final Action action;
  private @Nullable Shortcut shortcut;
  private final Set<Flag> flags = EnumSet.noneOf(Flag.class);
  private String group = "";
  private List<RespCommand> parts = List.of();
  private CommandKind kind = CommandKind.OTHER;
  private boolean noMulti;
  private boolean notQueued;

  /**
   * Defines a command.
   *
   * @param name in lower case; for a subcommand that of the command, {@code |}, and its own
   * @param arity the number of arguments, including the name; a minimum if it is negative
   */
  public RespCommand(String name, int arity, Keys keys, Action action) {
    this.name = name;
    this.arity = arity;
    this.keys = keys;
    this.action = action;
    String last = name.substring(name.indexOf('|') + 1);
    this.capitals = last.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
  }

  public RespCommand with(Flag... more) {
    flags.addAll(List.of(more));
    noMulti = flags.contains(Flag.NO_MULTI);
    notQueued = flags.contains(Flag.NOT_QUEUED);
    if (flags.contains(Flag.WRITE)) {
      kind = CommandKind.WRITE;
    } else if (flags.contains(Flag.READONLY)) {
      kind = CommandKind.READ;
    }
    return this;
  }

  public RespCommand in(String newGroup) {
    group = newGroup;
    return this;
  }

  public RespCommand with(List<RespCommand> newParts) {
    parts = newParts;
    return this;
  }

  public RespCommand with(Shortcut newShortcut) {
    shortcut = newShortcut;
    return this;
  }

  public String name() {
    return name;
  }

  /** Returns the name, of a subcommand its own, in upper case. */
  public byte[] capitals() {
    return capitals;
  }

  public int arity() {
    return arity;
  }

  public Keys keys() {
    return keys;
  }

  public Set<Flag> flags() {
    return flags;
  }

  public boolean has(Flag flag) {
    return flags.contains(flag);
  }

  public CommandKind kind() {
    return kind;
  }

  public boolean isNoMulti() {
    return noMulti;
  }

  public boolean isNotQueued() {
    return notQueued;
  }

  public String group() {
    return group;
  }

  public List<RespCommand> parts() {
    return parts;
  }

  boolean takes(int arguments) {
    return arity >= 0 ? arguments == arity : arguments >= -arity;
  }

  public void run(CommandContext call) {
    action.run(call);
  }

  public @Nullable Shortcut shortcut() {
    return shortcut;
  }

  /** Returns the subcommand that an argument names, or null. */
  @Nullable RespCommand part(Request request) {
    for (RespCommand part : parts) {
      if (isNamed(part.capitals, request, 1)) {
        return part;
      }
    }
    return null;
  }

  static boolean isNamed(byte[] capitals, Request request, int i) {
    int length = request.length(i);
    if (length != capitals.length) {
      return false;
    }
    byte[] bytes = request.array();
    int at = request.start(i);
    for (int k = 0; k < length; k++) {
      if (Request.capital(bytes[at + k]) != capitals[k]) {
        return false;
      }
    }
    return true;
  }
}
