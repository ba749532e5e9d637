package io.kvstore.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.directory.Branch.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BranchIndexTest {
  private static final long SEED = 15;

  @Test
  void versionIsOfTheLastBranchThatBeginsBeforeIt() {
    Random random = new Random(SEED);
    for (int run = 0; run < 2_000; run++) {
      List<Branch> branches = new ArrayList<>();
      for (int i = random.nextInt(8); i > 0; i--) {
        // Also backwards, as when files have been replaced by older ones.
        branches.add(new Branch(random.nextLong(), random.nextInt(10), Cause.OPENED));
      }
      BranchIndex index = BranchIndex.of(new Branches(List.copyOf(branches)));

      for (long version = 0; version < 12; version++) {
        assertThat(index.idOf(version)).isEqualTo(expected(branches, version));
      }
      assertThat(index.idOf(Long.MAX_VALUE)).isEqualTo(expected(branches, Long.MAX_VALUE));
    }
  }

  private static long expected(List<Branch> branches, long version) {
    long id = branches.isEmpty() ? 0 : branches.get(0).id();
    for (Branch branch : branches) {
      id = branch.from() < version ? branch.id() : id;
    }
    return id;
  }
}
