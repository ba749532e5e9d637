package io.kvstore.server.resp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** The generator of random commands: mostly valid ones with few keys, so that they interact. */
final class RandomCommands {
  private static final String[] KEYS = {"a", "b", "c", "d", "key:1", "key:2", "\0\r\n\u00ff", ""};
  private static final String[] VALUES =
      ("|0|1|-1|10|+1|01| 1|1 |3.0|0.1|-2.5e3|1e400|nan|inf|9223372036854775807|"
              + "-9223372036854775808|9223372036854775808|hello|world|hxllo|\0\1\2|"
              + "\u00ff\u00f0\u000f|\u00ff\u00ff|\0\0\0|foo bar|5000000000|0x10|.5")
          .split("\\|", -1);
  private static final String[] NUMBERS =
      ("0|1|-1|2|3|-2|-3|7|8|9|10|-100|100|x||1.5|9223372036854775807|"
              + "-9223372036854775808|2147483648|8388607|8388608|1048576")
          .split("\\|", -1);
  private static final String[] PATTERNS =
      "*|?|key:*|[a-c]|[^a]|\\a|k*:?||[c-a]|[|*1|**|[]|a\\".split("\\|", -1);
  private static final long FAR_SECONDS = 4_000_000_000L;
  private static final long NEAR_SECONDS = 100_000;

  /**
   * What commands look like: k a key, v a value, n a number, r a relative time that is none, p a
   * pattern, e, s and m relative times, moments in seconds and in milliseconds; {@code *} any
   * number of what is before it, words as they are, and {@code (a|b)} one of some, or none.
   */
  private static final List<String> SHAPES =
      shapes(
          """
          GET k; GET k; SET k v; SET k v; SET k v; SET k v (NX|XX) (GET|);
          SET k v (GET|) (NX|XX) (KEEPTTL|); SET k v EX e; SET k v PXAT m (XX|);
          SET k v EXAT s (GET|); SET k v PX e (KEEPTTL|NX|); SET k v (EX|PX|EXAT|PXAT) r;
          SETEX k e v; SETEX k r v; PSETEX k e v; SETNX k v; GETSET k v; GETDEL k; GETEX k;
          GETEX k (PERSIST|EX|PX) e; GETEX k PXAT m; GETEX k EXAT s; GETEX k PERSIST; MGET k k*;
          MSET k v k v; MSET k v k; MSETNX k v k v; APPEND k v; STRLEN k; GETRANGE k n n;
          SUBSTR k n n; SETRANGE k n v; INCR k; INCR k; DECR k; INCRBY k n; DECRBY k n;
          INCRBYFLOAT k v; INCRBYFLOAT k n; LCS k k; LCS k k LEN; LCS k k IDX;
          LCS k k IDX MINMATCHLEN n (WITHMATCHLEN|); LCS k k (IDX|) LEN; SETBIT k n n;
          SETBIT k n (0|1); GETBIT k n; BITCOUNT k; BITCOUNT k n n; BITCOUNT k n n (BIT|BYTE|x);
          BITCOUNT k n; BITPOS k (0|1); BITPOS k (0|1) n; BITPOS k (0|1) n n;
          BITPOS k (0|1) n n (BIT|BYTE|x); BITPOS k n; BITOP (AND|OR|XOR) k k k*; BITOP NOT k k;
          BITOP NOT k k k; BITOP x k k; DEL k; DEL k k*; UNLINK k k; EXISTS k k k; TYPE k;
          RENAME k k; RENAMENX k k; COPY k k; COPY k k REPLACE;
          COPY k k DB (0|x|99|99999999999|-1); TOUCH k k; EXPIRE k e; EXPIRE k e (NX|XX);
          EXPIRE k r (NX|XX|GT|LT) (GT|LT); EXPIRE k r; PEXPIRE k e; PEXPIRE k r; EXPIREAT k s;
          EXPIREAT k s (NX|XX|GT|LT|x); PEXPIREAT k m; PEXPIREAT k m (GT|LT); PEXPIREAT k n;
          TTL k; PTTL k; EXPIRETIME k; PEXPIRETIME k; PERSIST k; PING; PING v; ECHO v; SELECT 0;
          SELECT x; TIME x; FOO v v; CONFIG; CONFIG FOO v; CLIENT FOO; PUBLISH v v;
          DEBUG SLEEP 0; CLIENT GETNAME; CLIENT SETNAME hello; CLIENT SETNAME v; UNWATCH;
          WAIT 0 0; WAIT x 0; WAIT 0 x; CLIENT KILL x; CLIENT KILL ID 0; CLIENT KILL ID x;
          CLIENT NO-EVICT v; CLIENT LIST v; CLIENT LIST TYPE v; HELLO 4; HELLO x; AUTH v;
          AUTH v v; LASTSAVE x; COMMAND INFO foo; COMMAND FOO; CLIENT SETNAME; EXEC v; PING v v;
          HELLO 3 v; PUBSUB NUMPAT; PUBSUB NUMSUB v; PUBSUB CHANNELS; PUBSUB x; BITCOUNT k n x
          """);

  private static final List<String> WHOLE_STORE =
      shapes(
          """
          KEYS p; SCAN 0 COUNT 10000; SCAN 0 MATCH p COUNT 10000; SCAN x; SCAN 0 COUNT (x|0|-1);
          SCAN 0 COUNT 10000 TYPE (string|list); SCAN 0 COUNT 10000 TYPE string; FLUSHALL; FLUSHDB v;
          SCAN 0 x; SCAN 0 COUNT 0
          """);
  private static final List<String> TRANSACTION =
      shapes(
          """
          MULTI; MULTI; EXEC; EXEC; EXEC; DISCARD; WATCH k; WATCH k k; UNWATCH
          """);

  /** With other arguments these describe one server, or end a transaction that goes on here. */
  private static final Set<String> ONLY_WHOLE =
      Set.of("TIME", "CLIENT", "HELLO", "COMMAND", "LASTSAVE", "EXEC");

  /** Short relative times are left out: they pass between one server and the other. */
  private static final String[] RELATIVE = {
    "0", "-1", "x", "", "1.5", "9223372036854775807", "-9223372036854775808", "9223372036854775"
  };

  private final Random random;
  private boolean inTransaction;

  RandomCommands(Random random) {
    this.random = random;
  }

  /** Returns the next commands, which no other client's come between. */
  List<List<String>> next() {
    List<String> command = command();
    if (!inTransaction && command.get(0).equalsIgnoreCase("WATCH")) {
      // A key that is watched while it is absent, put and deleted again counts as unchanged.
      List<String> put = new ArrayList<>(List.of("MSET"));
      command.subList(1, command.size()).forEach(key -> put.addAll(List.of(key, pick(VALUES))));
      return List.of(put, command);
    }
    return List.of(command);
  }

  private List<String> command() {
    int kind = random.nextInt(100);
    String shape;
    if (kind < 12) {
      shape = pick(TRANSACTION);
    } else if (kind < 16 && !inTransaction) {
      shape = pick(WHOLE_STORE);
    } else {
      shape = pick(SHAPES);
    }
    inTransaction |= shape.equals("MULTI");
    // Also "EXEC v", which is rejected, ends one.
    inTransaction &= !shape.startsWith("EXEC") && !shape.equals("DISCARD");
    List<String> words = words(shape);
    boolean mayBeSpoilt = SHAPES.contains(shape) && !ONLY_WHOLE.contains(shape.split(" ", 2)[0]);
    if (mayBeSpoilt && random.nextInt(40) == 0) {
      words = spoilt(words);
    }
    if (random.nextInt(10) == 0) {
      words.set(0, words.get(0).toLowerCase(Locale.ROOT));
    }
    return words;
  }

  private List<String> words(String shape) {
    List<String> words = new ArrayList<>();
    for (String part : shape.split(" ", -1)) {
      boolean many = part.length() == 2 && part.endsWith("*");
      for (int i = many ? random.nextInt(4) : 1; i > 0; i--) {
        String word = word(many ? part.substring(0, 1) : part);
        if (word != null) {
          words.add(word);
        }
      }
    }
    return words;
  }

  private String word(String part) {
    return switch (part) {
      case "k" -> pick(KEYS);
      case "v" -> random.nextInt(4) == 0 ? bytes() : pick(VALUES);
      case "n" -> random.nextInt(3) == 0 ? "" + random.nextInt(40) : pick(NUMBERS);
      case "r" -> pick(RELATIVE);
      case "p" -> pick(PATTERNS);
      case "e" -> Long.toString(NEAR_SECONDS * 1000 * (1 + random.nextInt(3)));
      case "s" -> Long.toString(FAR_SECONDS + random.nextInt(3));
      case "m" -> Long.toString(1000 * FAR_SECONDS + random.nextInt(3000));
      default -> {
        if (!part.startsWith("(")) {
          yield part;
        }
        String[] choices = part.substring(1, part.length() - 1).split("\\|", -1);
        String choice = pick(choices);
        yield choice.isEmpty() ? null : choice;
      }
    };
  }

  private List<String> spoilt(List<String> words) {
    List<String> spoilt = new ArrayList<>(words);
    switch (random.nextInt(3)) {
      case 0 -> spoilt.add(pick(VALUES));
      case 1 -> {
        if (spoilt.size() > 1) {
          spoilt.remove(spoilt.size() - 1);
        }
      }
      default -> spoilt.set(random.nextInt(spoilt.size()), spoilt.get(0) + "x");
    }
    return spoilt;
  }

  private String bytes() {
    StringBuilder bytes = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      bytes.append((char) random.nextInt(256));
    }
    return bytes.toString();
  }

  private static List<String> shapes(String text) {
    return List.of(text.strip().split(";\\s+", -1));
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }
}
