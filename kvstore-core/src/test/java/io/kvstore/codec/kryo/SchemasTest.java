package io.kvstore.codec.kryo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.KvStoreException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {
  private static final int LAST_ID = 65_599;

  private static String line(int id) {
    return id + "\tvalue\ttype\tshop.Order";
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 5_000, LAST_ID - 4_096, LAST_ID - 4_095, LAST_ID - 1, LAST_ID})
  void whatIsSalvagedCanBeReadHoweverManyThereAre(int id) {
    Schemas read = Schemas.of(new InMemorySchemaStore(Schemas.salvaged(List.of(line(id)))));

    assertThat(read.get(id).className()).isEqualTo("shop.Order");
  }

  @Test
  void schemaBeyondTheLastIdIsRefused() {
    assertThatThrownBy(() -> Schemas.of(new InMemorySchemaStore(List.of(line(LAST_ID + 1)))))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("65600");
  }
}
