package io.kvstore.server.resp.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.resp.RespClient;
import io.kvstore.server.resp.RespServer;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.Transaction;
import io.kvstore.server.testing.LongForm;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The parser of commands: finds them however their bytes are split, and rejects everything else.
 */
class RequestParserTest {
  private static final String INPUT =
      "*2\r\n$3\r\nGET\r\n$1\r\na\r\nPING\r\n*0\r\n\r\n*3\r\n$3\r\nSET\r\n$0\r\n\r\n$5\r\n\r\n$1\r\r\n"
          + "  ECHO \"a b\"  'c' \n*1\r\n$70000\r\n"
          + "x".repeat(70_000)
          + "\r\n*-1\r\nQUIT\r\n";

  private static RequestParser parser() {
    return new RequestParser(
        RespServer.limits(), new ReceiveBudget(RespServer.MAX_RECEIVING_BYTES).share());
  }

  private static List<List<String>> parse(byte[] input, int[] cuts) {
    RequestParser parser = parser();
    List<List<String>> found = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      parser.add(Unpooled.wrappedBuffer(Arrays.copyOfRange(input, from, cut)));
      while (parser.next() == RequestParser.Found.COMMAND) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < parser.request().count(); i++) {
          words.add(parser.request().text(i));
        }
        found.add(words);
      }
      parser.park();
      // As another connection of the event loop does.
      RequestParser other = parser();
      other.add(Unpooled.wrappedBuffer(new byte[100]));
      from = cut;
    }
    assertThat(parser.inCommand()).isFalse();
    return found;
  }

  private static List<List<String>> expected() {
    return List.of(
        List.of("GET", "a"),
        List.of("PING"),
        List.of("SET", "", "\r\n$1\r"),
        List.of("ECHO", "a b", "c"),
        List.of("x".repeat(70_000)),
        List.of("QUIT"));
  }

  @Test
  void commandsAreFoundByteByByte() {
    byte[] input = RespClient.latin1(INPUT);
    int[] cuts = new int[input.length];
    Arrays.setAll(cuts, i -> i + 1);

    assertThat(parse(input, cuts)).isEqualTo(expected());
  }

  @Test
  void commandsAreFoundInPiecesOfAnySize() {
    long seed = LongForm.seed("kvstore.test.seed");
    System.out.println("RequestParserTest: seed " + seed);
    Random random = new Random(seed);
    byte[] input = RespClient.latin1(INPUT);
    for (int run = 0; run < 200; run++) {
      int[] cuts = random.ints(random.nextInt(10), 0, input.length).sorted().toArray();
      int[] all = Arrays.copyOf(cuts, cuts.length + 1);
      all[cuts.length] = input.length;

      assertThat(parse(input, all)).isEqualTo(expected());
    }
  }

  @Test
  void anyBytesAreCommandsOrRejected() {
    long seed = LongForm.seed("kvstore.test.seed");
    System.out.println("RequestParserTest: seed " + seed);
    Random random = new Random(seed);
    String alphabet = "*$123-0\r\n\"' \\ab\0";
    for (int run = 0; run < 20_000; run++) {
      StringBuilder input = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        input.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      RequestParser parser = parser();
      parser.add(Unpooled.wrappedBuffer(RespClient.latin1(input.toString())));
      try {
        while (parser.next() == RequestParser.Found.COMMAND) {
          assertThat(parser.request().count()).isPositive();
        }
        parser.park();
      } catch (RespException e) {
        assertThat(e.text()).startsWith("ERR Protocol error: ");
      }
    }
  }

  @Test
  void commandLongerThanTheLimitIsRejectedBeforeItHasCome() {
    RequestParser parser = parser();
    byte[] value = RespClient.latin1("$1048576\r\n" + "x".repeat(1 << 20) + "\r\n");
    parser.add(Unpooled.wrappedBuffer(RespClient.latin1("*1000\r\n")));

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                parser.add(Unpooled.wrappedBuffer(value));
                parser.next();
                parser.park();
              }
            })
        .isInstanceOf(RespException.class)
        .hasMessageContaining("limit of " + RespServer.limits().maxCommandBytes());
  }

  @Test
  void queuedCommandsHoldMemoryUntilTheTransactionEnds() {
    ReceiveBudget budget = new ReceiveBudget(50_000);
    Transaction transaction = new Transaction(budget.share());
    Request request = Request.of(new byte[10_000]);
    for (int i = 0; i < 6; i++) {
      transaction.add(RespCommand.NONE, request);
    }
    assertThat(budget.taken()).isBetween(60_000L - ReceiveBudget.FREE_BYTES, 50_000L);

    assertThatThrownBy(() -> transaction.add(RespCommand.NONE, request))
        .isInstanceOf(RespException.class)
        .hasMessageContaining("limit of 50000 bytes");
    transaction.end();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void memoryIsHeldWhileACommandIsOnItsWay() {
    ReceiveBudget budget = new ReceiveBudget(200_000);
    RequestParser parser = new RequestParser(RespServer.limits(), budget.share());

    parser.add(Unpooled.wrappedBuffer(RespClient.latin1("*1\r\n$90000\r\n" + "x".repeat(50_000))));
    parser.next();
    parser.park();
    assertThat(budget.taken()).isBetween(50_000L - ReceiveBudget.FREE_BYTES, 200_000L);

    parser.add(Unpooled.wrappedBuffer(RespClient.latin1("x".repeat(40_000) + "\r\n")));
    assertThat(parser.next()).isEqualTo(RequestParser.Found.COMMAND);
    parser.park();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void commandForWhichThereIsNoMemoryIsRejected() {
    ReceiveBudget budget = new ReceiveBudget(50_000);
    RequestParser parser = new RequestParser(RespServer.limits(), budget.share());
    parser.add(Unpooled.wrappedBuffer(RespClient.latin1("*1\r\n$90000\r\n" + "x".repeat(40_000))));
    parser.next();
    parser.park();

    assertThatThrownBy(
            () -> parser.add(Unpooled.wrappedBuffer(RespClient.latin1("x".repeat(40_000)))))
        .isInstanceOf(RespException.class)
        .hasMessageContaining("limit of 50000 bytes");
    parser.drop();
    assertThat(budget.taken()).isZero();
  }
}
