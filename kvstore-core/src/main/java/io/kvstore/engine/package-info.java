/** Stripes and their indexes: who finds a record, and who may write one. Knows no files. */
@NullMarked
package io.kvstore.engine;

import org.jspecify.annotations.NullMarked;
