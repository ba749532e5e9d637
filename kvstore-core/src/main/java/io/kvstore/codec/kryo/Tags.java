package io.kvstore.codec.kryo;

/**
 * The tags: numbers in front of an object that identify its type. Part of the stored format: a tag
 * is never changed or reused.
 */
final class Tags {
  private Tags() {}

  static final int NULL = 0;

  /** As common tag of elements: each element has its own tag. As element type: Object. */
  static final int ANY = 0;

  static final int ARRAY = 20;
  static final int ARRAY_LIST = 21;
  static final int LINKED_LIST = 22;
  static final int ARRAY_DEQUE = 23;
  static final int HASH_SET = 24;
  static final int LINKED_HASH_SET = 25;
  static final int TREE_SET = 26;
  static final int HASH_MAP = 27;
  static final int LINKED_HASH_MAP = 28;
  static final int TREE_MAP = 29;
  static final int FIXED_LIST = 30;
  static final int FIXED_SET = 31;
  static final int FIXED_MAP = 32;
  static final int OPTIONAL = 33;

  /** The first tag of a schema; tags below are built in. */
  static final int FIRST_SCHEMA = 64;
}
