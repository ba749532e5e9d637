package io.kvstore.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.config.Setting.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tables of settings in the documentation are those of the program. */
class SettingsDocTest {
  private static final Path DOC = Path.of("../docs/server.md");
  private static final String BEGIN = "<!-- settings: from the program, see SettingsDocTest -->\n";
  private static final String END = "<!-- end of settings -->\n";

  @Test
  void everySettingStandsInTheDocumentation() throws IOException {
    StringBuilder tables = new StringBuilder();
    for (Section section : ServerConfig.SECTIONS) {
      tables.append("\n| ").append(section.title()).append(" | default | |\n|---|---|---|\n");
      section.settings().forEach(setting -> tables.append(setting.row()).append('\n'));
    }
    tables.append('\n');

    String doc = Files.readString(DOC);
    int begin = doc.indexOf(BEGIN);
    int end = doc.indexOf(END);
    assertThat(begin).isPositive();
    // What is wanted is left where it can be copied from.
    Files.writeString(Path.of("target/settings.md"), tables);
    assertThat(doc.substring(begin + BEGIN.length(), end))
        .as("put kvstore-server/target/settings.md there")
        .isEqualTo(tables.toString());
  }
}
