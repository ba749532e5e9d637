package io.kvstore.server.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {

  @ParameterizedTest
  @CsvSource({
    "/k?p=v, v",
    "/k?p=, ''",
    "/k?p, ''",
    "/k?p&q=1, ''",
    "/k?q=1&p=v, v",
    "/k?q=1&&p=v&, v",
    "/k?q=%zz&p=v, v",
    "/k?pp=1&p=v&p%70=2, v",
    "/k?p=v=w, v=w",
    "/k?p=v?w, v?w",
    "/k?p=%2525, %25",
    "/k?p=a%26b%3d, a&b=",
    "/k?p=a+b%2B, 'a b+'",
    "/k?p=%C3%A9, é",
    "/k?p=%00, '\u0000'",
    "http://host?p=v, v",
  })
  void valueIsDecodedOnce(String target, String value) {
    Query query = Query.of(target);

    assertThat(query.has("p")).isTrue();
    assertThat(query.get("p")).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/k", "/k?", "/p", "/p=1", "/k?q=p", "/k?q&pp=1&P=1&%70=1&=p", "/k?&&="})
  void parameterThatIsNotThereIsNull(String target) {
    Query query = Query.of(target);

    assertThat(query.has("p")).isFalse();
    assertThat(query.get("p")).isNull();
    assertThat(query.bytes("p")).isNull();
  }

  @Test
  void targetWithoutQueryCostsNothing() {
    assertThat(Query.of("/k")).isSameAs(Query.NONE).isSameAs(Query.of("/k?"));
  }

  @Test
  void bytesNeedNotBeText() {
    assertThat(Query.of("/?p=%FFa").bytes("p")).containsExactly(0xFF, 'a');
  }

  @ParameterizedTest
  @CsvSource({
    "/?p=1&p=2, more than once",
    "/?p&q&p, more than once",
    "/?p=%, 'p has a %'",
    "/?p=%4, 'p has a %'",
    "/?p=%4&x, 'p has a %'",
    "/?p=%-1, 'p has a %'",
    "/?p=%FF, not valid UTF-8",
    "/?p=%ED%A0%80, not valid UTF-8",
    "/?p=\u007F, control character",
  })
  void otherValueIsRejected(String target, String sentence) {
    HttpException error =
        catchThrowableOfType(HttpException.class, () -> Query.of(target).get("p"));

    assertThat(error.status()).isEqualTo(Status.BAD_REQUEST);
    assertThat(error.sentence()).contains(sentence).endsWith(".");
  }

  @ParameterizedTest
  @CsvSource({"/?n=0, 0", "/?n=7, 7", "/?n=007, 7", "/?n=%37, 7", "/?n=120, 120", "/, 5"})
  void numberIsDecimalDigits(String target, long number) {
    assertThat(Query.of(target).number("n", 5, 0, 120)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/?n", "/?n=", "/?n=1", "/?n=13", "/?n=-5", "/?n=+5", "/?n=5x", "/?n=%D9%A5"})
  void otherNumberIsRejected(String target) {
    HttpException error =
        catchThrowableOfType(HttpException.class, () -> Query.of(target).number("n", 5, 2, 12));

    assertThat(error.sentence()).startsWith("The parameter n is not ");
  }

  @Test
  void numberMayBeAnyLong() {
    long most = Long.MAX_VALUE;

    assertThat(Query.of("/?n=" + most).number("n", 1, 1, most)).isEqualTo(most);
    assertThatThrownBy(() -> Query.of("/?n=" + most + "0").number("n", 1, 1, most))
        .isInstanceOf(HttpException.class);
  }
}
