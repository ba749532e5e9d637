/**
 * The model test: random operations on a store and on a map, which must agree. Uses the store
 * through its interface, and {@code testing} for its files; {@code KvStoreModelTest} is where to
 * start reading.
 */
package io.kvstore.model;
