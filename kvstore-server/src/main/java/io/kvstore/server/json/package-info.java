/** JSON, as all parts of the server write and read it. */
@NullMarked
package io.kvstore.server.json;

import org.jspecify.annotations.NullMarked;
