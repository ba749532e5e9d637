package io.kvstore.segment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two records that become stale at once, of which one makes the bits, are both counted. */
@JCStressTest
@State
@Outcome(id = "1, 1, 48", expect = Expect.ACCEPTABLE, desc = "both are stale")
@Outcome(expect = Expect.FORBIDDEN, desc = "one is forgotten")
public class StaleBitsStress {
  private static final int FAR = 128;

  private final StaleBits bits = new StaleBits(256, 64);
  private final StressSegments.Written segment = new StressSegments(1).add();
  private final long one = segment.put('a', 1);
  private final long other = segment.put('b', 2);

  /** One record becomes stale. */
  @Actor
  public void first() {
    bits.set(0);
    segment.becomeStale(one);
  }

  /** And the other. */
  @Actor
  public void second() {
    bits.set(FAR);
    segment.becomeStale(other);
  }

  /** Looks at what there is afterwards. */
  @Arbiter
  public void look(III_Result r) {
    r.r1 = bits.isSet(0, -1, FAR) ? 1 : 0;
    r.r2 = bits.isSet(FAR, 0, 2 * FAR) ? 1 : 0;
    r.r3 = segment.staleBytes();
  }
}
