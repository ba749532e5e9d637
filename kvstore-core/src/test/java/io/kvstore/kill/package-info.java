/**
 * Rounds in which a process writes at the limit of its disk space until it is killed, and what it
 * was told is compared with what is there. {@code KillRoundsTest} is where to start reading.
 */
package io.kvstore.kill;
