package io.kvstore.server.admin.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
  private final Hosts here = new Hosts(InetAddress.getLoopbackAddress());

  private static Hosts everywhere() throws Exception {
    return new Hosts(InetAddress.getByName("0.0.0.0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LocalHost:3001", "kv.localhost", "127.0.0.1:3001", "[::1]:3001"})
  void loopbackPortAnswersToItsOwnNames(String host) {
    assertThat(here.accepts(host, false)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"evil.example", "localhost.evil.example:3001", "10.0.0.1", "[::2]", "127.1", ""})
  void loopbackPortAnswersToNothingElse(String host) {
    assertThat(here.accepts(host, false)).isFalse();
    assertThat(here.accepts(host, true)).isFalse();
  }

  @Test
  void openPortAnswersToAddressesButNotToNames() throws Exception {
    assertThat(everywhere().accepts("10.0.0.1:3001", false)).isTrue();
    assertThat(everywhere().accepts("[fd00::1]:3001", false)).isTrue();
    assertThat(everywhere().accepts("kv.example:3001", false)).isFalse();
  }

  @Test
  void openPortLetsMachinesAskByName() throws Exception {
    assertThat(everywhere().accepts("kv.example:3001", true)).isTrue();
  }
}
