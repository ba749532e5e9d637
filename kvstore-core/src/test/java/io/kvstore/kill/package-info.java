/**
 * Rounds of kills: a process writes at its disk limit until it is killed, and the acknowledgements
 * that it received are compared with the store that is left. {@code KillRoundsTest} is where to
 * start reading.
 */
package io.kvstore.kill;
