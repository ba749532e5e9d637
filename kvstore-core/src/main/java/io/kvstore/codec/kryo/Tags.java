package io.kvstore.codec.kryo;

/**
 * What is written in front of an object to tell what it is. Part of what is stored: none is ever
 * changed or used again.
 */
final class Tags {
  private Tags() {}

  static final int NULL = 0;

  /** In place of the one tag of all elements: each has its own. As type of elements: Object. */
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

  /** Schemas are numbered from here on; what is below is known without one. */
  static final int FIRST_SCHEMA = 64;
}
