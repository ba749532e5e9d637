package io.kvstore.server.net;

/**
 * The memory budgets that the connections of all listeners share.
 *
 * @param receiving for partially received requests
 * @param sending for what is owed to clients
 */
public record Budgets(ReceiveBudget receiving, SendBudget sending) {

  /** Returns budgets that refuse nothing. */
  public static Budgets unlimited() {
    return new Budgets(new ReceiveBudget(Long.MAX_VALUE), SendBudget.unlimited());
  }
}
