package io.kvstore.server.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
  private final Hosts hosts = Hosts.of(List.of("KV.example", "db.internal."));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "LocalHost:3001",
        "localhost.:3001",
        "kv.localhost",
        "127.0.0.1",
        "127.0.0.1:3001",
        "127.9.9.9:",
        "[::1]:3001",
        "[::1]",
        "kv.example",
        "kv.EXAMPLE:3000",
        "kv.example.:3000",
        "db.internal",
      })
  void answersEverywhereToItsOwnNames(String host) {
    assertThat(hosts.accepts(host)).isTrue();
    assertThat(hosts.acceptsLocally(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "10.0.0.1:3001", "[fd00::1]:3001", "[::2]", "[fe80::1]"})
  void answersToOtherAddressesUnlessOnLoopback(String host) {
    assertThat(hosts.accepts(host)).isTrue();
    assertThat(hosts.acceptsLocally(host)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil",
        "localhost.evil.example:3001",
        "evil-localhost",
        "evil.example:127.0.0.1",
        "127.0.0.1.evil.example",
        "127.1",
        "0x7f000001",
        "2130706433",
        "x.kv.example",
        "kv.example..",
        "localhost:evil.example",
        "localhost:3001:evil.example",
        "localhost:123456",
        "user@localhost",
        "evil.example:80@localhost",
        "[::1]evil.example",
        "[::1",
        "::1",
        "[127.0.0.1]",
        "[localhost]",
        "[]",
        ":3000",
        ".",
      })
  void answersToNothingElse(String host) {
    assertThat(hosts.accepts(host)).isFalse();
    assertThat(hosts.acceptsLocally(host)).isFalse();
  }
}
