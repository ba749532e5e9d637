/**
 * Error injection at each step of the store: its classes are rewritten so that a test can count
 * their steps and make one of them throw. The classes of this package exist once; the store, and
 * the scripts that run on it, are loaded again in a class loader of their own.
 */
package io.kvstore.faults;
