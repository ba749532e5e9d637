package io.kvstore.server.resp.protocol;

import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.net.SendBudget;

/** An error reply: the command has changed nothing. The message starts with the error code. */
public final class RespException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public RespException(String message) {
    super(message, null, false, false);
  }

  public static RespException syntax() {
    return new RespException("ERR syntax error");
  }

  public static RespException noMemory(ReceiveBudget.Share memory) {
    return new RespException(
        "ERR the partially received commands of all clients would exceed the limit of "
            + memory.limit()
            + " bytes");
  }

  public static RespException noMemory(SendBudget.Share memory) {
    return new RespException(
        "OOM the replies that clients have not read, and the commands in progress, would exceed the"
            + " limit of "
            + memory.limit()
            + " bytes; try again, or ask for less at once");
  }

  public static RespException notAnInteger() {
    return new RespException("ERR value is not an integer or out of range");
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
