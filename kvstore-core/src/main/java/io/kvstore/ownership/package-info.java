/**
 * The ownership of a store's directory: locks, holders, and the check that the directory is still
 * the same. Uses {@code platform}. Start reading at {@link io.kvstore.ownership.Ownership}.
 */
@NullMarked
package io.kvstore.ownership;

import org.jspecify.annotations.NullMarked;
