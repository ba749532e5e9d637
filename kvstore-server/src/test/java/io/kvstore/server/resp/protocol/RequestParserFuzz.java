package io.kvstore.server.resp.protocol;

import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.resp.RespServer;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fuzz target: any bytes are the same commands, and the same error behind them, in whatever pieces
 * they arrive; and these commands are read as they are written.
 */
public final class RequestParserFuzz {
  private RequestParserFuzz() {}

  /**
   * What became of some bytes.
   *
   * @param error why nothing behind the commands could be read, or null
   */
  private record Parsed(List<List<String>> commands, @Nullable String error) {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    Parsed whole = parse(input, Math.max(1, input.length));
    require(whole, parse(input, 1));
    require(whole, parse(input, 7));
    require(new Parsed(whole.commands, null), parse(written(whole.commands), Integer.MAX_VALUE));
  }

  private static void require(Parsed expected, Parsed found) {
    if (!expected.equals(found)) {
      throw new AssertionError(found + " instead of " + expected);
    }
  }

  private static Parsed parse(byte[] input, int pieceBytes) {
    ReceiveBudget budget = new ReceiveBudget(RespServer.MAX_RECEIVING_BYTES);
    RequestParser parser = new RequestParser(RespServer.limits(), budget.share());
    List<List<String>> commands = new ArrayList<>();
    String error = null;
    try {
      for (int at = 0; at < input.length; ) {
        int length = Math.min(pieceBytes, input.length - at);
        parser.add(Unpooled.wrappedBuffer(input, at, length));
        at += length;
        while (parser.next() == RequestParser.Found.COMMAND) {
          commands.add(words(parser.request()));
        }
        parser.park();
      }
    } catch (RespException e) {
      error = e.text();
    }
    parser.drop();
    if (budget.taken() != 0) {
      throw new AssertionError(budget.taken() + " bytes are held for nothing");
    }
    return new Parsed(commands, error);
  }

  private static List<String> words(Request request) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < request.count(); i++) {
      words.add(request.text(i));
    }
    return words;
  }

  private static byte[] written(List<List<String>> commands) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (List<String> words : commands) {
      bytes.writeBytes(latin1("*" + words.size() + "\r\n"));
      for (String word : words) {
        bytes.writeBytes(latin1("$" + word.length() + "\r\n" + word + "\r\n"));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
