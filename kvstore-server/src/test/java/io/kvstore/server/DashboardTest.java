package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvstore.Batch;
import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.server.testing.Browser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;
import redis.clients.jedis.Jedis;

/** The dashboard, as a person uses it in a real browser. */
class DashboardTest {
  private static final Path PICTURES = Path.of("target", "dashboard");
  private static final int USERS = 120;

  @TempDir private Path directory;
  @TempDir private Path profile;

  private ManagedServer server;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Browser.isInstalled(), Browser.NOT_INSTALLED);
    server = ManagedServer.start(directory);
    fill();
    browser = Browser.start(profile);
    browser.open(server.managed("/"));
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private KvStore<byte[], byte[]> store() {
    return server.server().store();
  }

  private void fill() {
    for (int i = 0; i < USERS; i++) {
      String user = "{\"name\":\"user " + i + "\",\"visits\":" + i * 7 + "}";
      put("user:" + i, user, PutOptions.NONE.label("application/json"));
    }
    put("session:1", "who", PutOptions.NONE.ttl(Duration.ofHours(2)));
    put("note", "hello, world\nthe second line", PutOptions.NONE.label("text/plain"));
    store().put("picture".getBytes(UTF_8), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2, 3});
  }

  private void put(String key, String value, PutOptions options) {
    Batch<byte[], byte[]> batch = store().batch();
    store().write(batch.put(key.getBytes(UTF_8), value.getBytes(UTF_8), options));
  }

  private String value(String key) {
    byte[] value = store().get(key.getBytes(UTF_8));
    return value == null ? null : new String(value, UTF_8);
  }

  private void traffic() throws Exception {
    try (Jedis jedis = new Jedis("127.0.0.1", server.server().respAddress().getPort())) {
      for (int i = 0; i < 200; i++) {
        server.get(server.main("/user:" + i));
        jedis.get("user:" + i);
      }
    }
  }

  private void open(String key) {
    browser.find("#prefix").clear();
    browser.find("#prefix").sendKeys(key);
    browser.find("#search button").click();
    String shown = "document.querySelector('#keys [title=\"" + key + "\"]')";
    browser.await(shown + " && prefix === '" + key + "'");
    browser.run(shown + ".click()");
    browser.await("document.querySelector('#entry h3')?.textContent === '" + key + "'");
  }

  private void press(String words) {
    WebElement button =
        (WebElement)
            browser.run(
                "return [...document.querySelectorAll('#entry button')].find(b => b.textContent"
                    + " === '"
                    + words
                    + "')");
    button.click();
  }

  private void replaceValue(String value) {
    WebElement area = browser.find("#entry textarea");
    area.clear();
    area.sendKeys(value);
  }

  @Test
  void chartsShowWhatGoesOn() throws Exception {
    for (int second = 0; second < 3; second++) {
      traffic();
      browser.await("samples.length > " + (second + 1));
    }

    browser.await("document.querySelectorAll('#charts path[d*=L]').length > 6");
    assertThat(browser.find("#status").getText()).isEqualTo("ready");
    assertThat(browser.find("#charts svg").getAttribute("aria-label"))
        .contains("http get", "resp read");
    assertThat(browser.find("#tiles").getText()).contains("Entries\n123");
    assertThat(browser.find("#facts").getText()).contains(directory.toString());
    browser.find("#prefix").sendKeys("user:1");
    browser.find("#search button").click();
    browser.await("document.querySelectorAll('#keys li').length === 31");
    browser.find("#keys button").click();
    browser.await("document.querySelector('#entry pre')");
    photographs();
    assertThat(browser.complaints()).isEmpty();
  }

  private void photographs() throws Exception {
    for (String colours : List.of("light", "dark")) {
      browser.run(
          "theme.value = '"
              + colours
              + "'; theme.dispatchEvent(new Event('change')); scrollTo(0, 0)");
      browser.resize(1280, 1560);
      browser.photograph(PICTURES.resolve(colours + ".png"));
      browser.resize(375, 2600);
      browser.run("scrollTo(0, 0); redraw()");
      browser.photograph(PICTURES.resolve(colours + "-narrow.png"));
      assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo(375L);
    }
  }

  @Test
  void keysAreFoundByTheirBeginning() {
    browser.await("document.querySelectorAll('#keys li').length >= 50");
    browser.find("#more").click();
    browser.await("document.querySelectorAll('#keys li').length >= 100");

    browser.find("#prefix").sendKeys("user:11");
    browser.find("#search button").click();

    browser.await("document.querySelectorAll('#keys li').length === 11");
    assertThat(browser.find("#hits").getText()).isEqualTo("11 keys");
  }

  @Test
  void valueIsShownAsWhatItIs() {
    open("user:7");
    assertThat(browser.find("#entry pre").getText()).contains("\n  \"name\": \"user 7\"");
    assertThat(browser.find("#entry .meta").getText()).contains("application/json", "never");
    press("Text");
    assertThat(browser.find("#entry pre").getText()).isEqualTo(value("user:7"));

    open("picture");
    assertThat(browser.find("#entry pre").getText()).contains("89 50 4e 47").contains(".PNG");

    open("session:1");
    assertThat(browser.find("#entry .meta").getText()).contains("in 1 h 59 min");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void editIsStoredWithTypeAndTime() {
    open("note");
    press("Edit");
    replaceValue("changed");
    press("Save");

    browser.await("document.querySelector('#entry .notice.good')");
    assertThat(value("note")).isEqualTo("changed");
    assertThat(store().entry("note".getBytes(UTF_8)).label()).isEqualTo("text/plain");

    open("session:1");
    press("Edit");
    replaceValue("someone else");
    press("Save");

    browser.await("document.querySelector('#entry .notice.good')");
    assertThat(value("session:1")).isEqualTo("someone else");
    assertThat(store().remaining("session:1".getBytes(UTF_8))).isNotNull();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void bytesAreEditedAsDigits() {
    open("picture");
    press("Edit");
    replaceValue("00 ff 10");
    press("Save");

    browser.await("document.querySelector('#entry .notice.good')");
    assertThat(store().get("picture".getBytes(UTF_8))).containsExactly(0, 0xFF, 0x10);
  }

  @Test
  void editOfAnEntryThatHasChangedMeanwhileIsRejectedAndNotLost() {
    open("note");
    press("Edit");
    replaceValue("mine");
    put("note", "theirs", PutOptions.NONE);
    press("Save");

    browser.await("document.querySelector('#entry .notice.bad')");
    assertThat(browser.find("#entry .notice").getText()).contains("The entry has been changed");
    assertThat(browser.find("#entry textarea").getAttribute("value")).isEqualTo("mine");
    assertThat(value("note")).isEqualTo("theirs");
  }

  @Test
  void newEntryIsStored() {
    browser.find("#create").click();
    WebElement key = browser.find("#entry .fields input");
    key.sendKeys("fresh");
    replaceValue("value");
    press("Save");

    browser.await("document.querySelector('#entry .notice.good')");
    assertThat(value("fresh")).isEqualTo("value");
  }

  @Test
  void deleteAsksFirst() {
    open("note");
    press("Delete");
    browser.await("document.querySelector('#confirm').open");
    browser.find("#confirm-no").click();
    assertThat(value("note")).isNotNull();

    press("Delete");
    browser.await("document.querySelector('#confirm').open");
    browser.find("#confirm-yes").click();

    browser.await("document.querySelector('#entry .notice.good')");
    assertThat(Collections.singletonList(value("note"))).containsOnlyNulls();
    assertThat(browser.complaints()).isEmpty();
  }
}
