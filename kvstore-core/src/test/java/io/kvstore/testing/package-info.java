/** The shared test support: stores, their files, and simulated disks. */
package io.kvstore.testing;
