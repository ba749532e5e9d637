/** What several tests share: stores, their files, and a disk that fails. */
package io.kvstore.testing;
