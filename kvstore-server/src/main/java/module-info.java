import org.jspecify.annotations.NullMarked;

/**
 * The server: a store behind HTTP and the Redis protocol. A program, not a library: it exports
 * nothing.
 */
@NullMarked
module io.kvstore.server {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires io.kvstore.core;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.prometheus.metrics.model;
  requires java.logging;
  requires java.management;
  requires micrometer.core;
  requires micrometer.registry.prometheus;

  // Finds the commands and what they are called with by their annotations.
  opens io.kvstore.server.cli to
      info.picocli;
}
