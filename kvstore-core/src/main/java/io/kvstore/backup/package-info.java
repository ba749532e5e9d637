/**
 * Backups: copies an open store to another directory, as of one point in time. Uses {@code
 * directory}, {@code stripe} and below. Start reading at {@link io.kvstore.backup.Backup}.
 */
@NullMarked
package io.kvstore.backup;

import org.jspecify.annotations.NullMarked;
