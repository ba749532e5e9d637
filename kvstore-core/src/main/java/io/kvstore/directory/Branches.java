package io.kvstore.directory;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The branches of a store's history, oldest first: which versions belong to which branch. May be
 * empty if the history is not known.
 */
record Branches(List<Branch> list) {
  static final Branches NONE = new Branches(List.of());

  boolean isEmpty() {
    return list.isEmpty();
  }

  /** Returns the branches that begin at a version or before. */
  Branches beginningUpTo(long version) {
    List<Branch> some = new ArrayList<>();
    for (Branch branch : list) {
      if (branch.from() <= version) {
        some.add(branch);
      }
    }
    return new Branches(List.copyOf(some));
  }

  /** Returns these branches and another; the oldest are dropped if they are too many. */
  Branches with(Branch last) {
    List<Branch> all = new ArrayList<>(list);
    all.add(last);
    int dropped = Math.max(0, all.size() - HistoryFile.MAX_BRANCHES);
    return new Branches(List.copyOf(all.subList(dropped, all.size())));
  }

  boolean hasTag(int tag) {
    for (Branch branch : list) {
      if (branch.tag() == tag) {
        return true;
      }
    }
    return false;
  }

  /** Returns the id of the history that versions are assigned in now; it survives reopening. */
  long id() {
    long id = list.isEmpty() ? 0 : list.get(0).id();
    for (Branch branch : list) {
      id = branch.cause() == Branch.Cause.OPENED ? id : branch.id();
    }
    return id;
  }

  /**
   * Returns why this history does not continue another one, or null if it does.
   *
   * @param reached the last change in the other one
   */
  @Nullable String whyNotFrom(Branches others, long reached) {
    Branch last = null;
    for (Branch branch : others.list) {
      last = branch.from() < reached ? branch : last;
    }
    if (last == null) {
      return null; // there is nothing in it
    }
    int at = list.size() - 1;
    while (at >= 0 && !list.get(at).isSame(last)) {
      at--;
    }
    if (at < 0) {
      return "its changes after " + last.from() + " are none of the store's";
    }
    for (Branch later : list.subList(at + 1, list.size())) {
      if (later.from() < reached) {
        return "its changes after " + later.from() + " are none of the store's";
      }
      if (!later.cause().isOrdinary()) {
        return switch (later.cause()) {
          case COPIED -> "the store is a copy of the one that the backup is of";
          case RESTORED -> "the store is a backup that has been restored";
          default -> "files of different times have been mixed in the store";
        };
      }
    }
    return null;
  }
}
