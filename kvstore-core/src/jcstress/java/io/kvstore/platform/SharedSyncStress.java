package io.kvstore.platform;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who waits for a sync is woken, and sees what was written before it ended. */
@JCStressTest
@State
@Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "woken after the sync")
@Outcome(expect = Expect.FORBIDDEN, desc = "woken before it, or without what it stands for")
public class SharedSyncStress {
  private final SharedSync sync = new SharedSync();
  private int written;

  /** Waits. */
  @Actor
  public void waiter(II_Result r) {
    sync.await();
    r.r1 = sync.isDone() ? 1 : 0;
    r.r2 = written;
  }

  /** Ends the sync. */
  @Actor
  public void syncer() {
    written = 7;
    sync.succeed();
  }
}
