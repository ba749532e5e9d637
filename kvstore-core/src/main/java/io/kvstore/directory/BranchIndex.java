package io.kvstore.directory;

/**
 * The branches of a history, sorted for lookups: without those of which no version is left, since a
 * later branch begins before them.
 */
final class BranchIndex {
  private final long[] from;
  private final long[] ids;

  /** The number of branches in the arrays. */
  private int size;

  private BranchIndex(int capacity) {
    this.from = new long[capacity];
    this.ids = new long[capacity];
  }

  static BranchIndex of(Branches branches) {
    BranchIndex index = new BranchIndex(branches.list().size());
    for (Branch branch : branches.list()) {
      index.add(branch);
    }
    return index;
  }

  private void add(Branch branch) {
    while (size > 1 && from[size - 1] >= branch.from()) {
      size--;
    }
    from[size] = branch.from();
    ids[size] = branch.id();
    size++;
  }

  /**
   * Returns the id that, together with a version, identifies one change for ever; 0 if there is no
   * branch. All versions before the second branch are of the first.
   */
  long idOf(long version) {
    int low = 0;
    int high = size;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (from[middle] < version) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return size == 0 ? 0 : ids[low];
  }
}
