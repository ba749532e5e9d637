/**
 * Ownership of a store's directory: who has it, and whether it is still the same. Uses {@link
 * io.kvstore.log.Storage} alone; start reading at {@link io.kvstore.directory.Ownership}.
 */
@NullMarked
package io.kvstore.directory;

import org.jspecify.annotations.NullMarked;
