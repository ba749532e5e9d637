/** The management port: health, metrics, and a dashboard with what it asks for. */
@NullMarked
package io.kvstore.server.admin;

import org.jspecify.annotations.NullMarked;
