package io.kvstore.server.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** Popular client libraries, against each durability. */
class ClientsTest {
  private static final int MANY = 500;

  @TempDir Path directory;

  private KvStore<byte[], byte[]> store(Durability durability) {
    return KvStore.builder(Codecs.bytes(), Codecs.bytes())
        .directory(directory)
        .durability(durability)
        .maxValueBytes(RespServer.MAX_VALUE_BYTES)
        .open();
  }

  @ParameterizedTest
  @EnumSource
  void jedisFindsWhatItHasStored(Durability durability) {
    try (RespServer server = RespServer.start(store(durability));
        Jedis jedis = new Jedis("127.0.0.1", server.port())) {
      assertThat(jedis.set("a", "1")).isEqualTo("OK");
      assertThat(jedis.get("a")).isEqualTo("1");
      assertThat(jedis.incrBy("a", 41)).isEqualTo(42);
      assertThat(jedis.incrByFloat("a", 0.5)).isEqualTo(42.5);
      assertThat(jedis.set("a", "x", SetParams.setParams().nx())).isNull();
      assertThat(jedis.set("b", "y", SetParams.setParams().nx().ex(100))).isEqualTo("OK");
      assertThat(jedis.ttl("b")).isBetween(90L, 100L);
      assertThat(jedis.mget("a", "b", "c")).containsExactly("42.5", "y", null);
      assertThat(jedis.rename("b", "c")).isEqualTo("OK");
      assertThat(jedis.exists("b", "c")).isEqualTo(1);
      assertThat(jedis.del("a", "b", "c")).isEqualTo(2);
      assertThat(jedis.dbSize()).isZero();
      assertThat(jedis.info()).contains("redis_version");
      assertThat(jedis.configGet("save")).containsEntry("save", "");
      assertThatThrownBy(() -> jedis.lpush("list", "x"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith("ERR unknown command 'LPUSH'");
    }
  }

  @ParameterizedTest
  @EnumSource
  void pipelinesSeeTheirOwnWrites(Durability durability) {
    try (RespServer server = RespServer.start(store(durability));
        Jedis jedis = new Jedis("127.0.0.1", server.port())) {
      List<Response<String>> found = new ArrayList<>();
      try (Pipeline pipeline = jedis.pipelined()) {
        for (int i = 0; i < MANY / 10; i++) {
          pipeline.set("k", "v" + i);
          found.add(pipeline.get("k"));
        }
        pipeline.sync();
      }
      for (int i = 0; i < MANY / 10; i++) {
        assertThat(found.get(i).get()).isEqualTo("v" + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void transactionOfJedisIsOneStepAndSeesChangesOfWhatItWatches(Durability durability) {
    try (RespServer server = RespServer.start(store(durability));
        Jedis jedis = new Jedis("127.0.0.1", server.port())) {
      jedis.set("a", "1");
      jedis.watch("a");
      Transaction changes = jedis.multi();
      changes.incr("a");
      Response<String> seen = changes.get("a");
      assertThat(changes.exec()).containsExactly(2L, "2");
      assertThat(seen.get()).isEqualTo("2");

      jedis.watch("a");
      server.served().put("a".getBytes(StandardCharsets.UTF_8), new byte[] {'9'});
      Transaction late = jedis.multi();
      late.set("a", "lost");
      assertThat(late.exec()).isNull();
      assertThat(jedis.get("a")).isEqualTo("9");
    }
  }

  @Test
  void scanReturnsEveryKeyToBothClients() {
    try (RespServer server = RespServer.start();
        Jedis jedis = new Jedis("127.0.0.1", server.port())) {
      Set<String> keys = new HashSet<>();
      for (int i = 0; i < MANY; i++) {
        keys.add("key:" + i);
        jedis.set("key:" + i, "v");
      }
      jedis.set("other", "v");

      Set<String> found = new HashSet<>();
      String cursor = ScanParams.SCAN_POINTER_START;
      do {
        ScanResult<String> part = jedis.scan(cursor, new ScanParams().match("key:*").count(7));
        found.addAll(part.getResult());
        cursor = part.getCursor();
      } while (!cursor.equals(ScanParams.SCAN_POINTER_START));

      assertThat(found).isEqualTo(keys);
      assertThat(new HashSet<>(jedis.keys("key:*"))).isEqualTo(keys);
      assertThat(jedis.randomKey()).isNotNull();
      assertThat(jedis.flushAll()).isEqualTo("OK");
      assertThat(jedis.dbSize()).isZero();
      assertThat(jedis.randomKey()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void lettuceSpeaksResp3(Durability durability) throws Exception {
    try (RespServer server = RespServer.start(store(durability));
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.port());
        StatefulRedisConnection<String, String> connection = client.connect()) {
      RedisCommands<String, String> redis = connection.sync();

      assertThat(redis.set("a", "1", SetArgs.Builder.px(100_000))).isEqualTo("OK");
      assertThat(redis.pttl("a")).isBetween(1L, 100_000L);
      assertThat(redis.setGet("a", "2")).isEqualTo("1");
      assertThat(redis.get("none")).isNull();
      assertThat(redis.configGet("max*")).containsKey("maxmemory");
      assertThat(redis.clientList()).contains("resp=3");
      assertThat(redis.command()).isNotEmpty();
      redis.multi();
      redis.incr("a");
      redis.get("none");
      TransactionResult result = redis.exec();
      assertThat(result.stream().toList()).containsExactly(3L, null);

      List<RedisFuture<Long>> sums = new ArrayList<>();
      for (int i = 1; i <= MANY / 5; i++) {
        sums.add(connection.async().incr("n"));
      }
      for (int i = 1; i <= MANY / 5; i++) {
        assertThat(sums.get(i - 1).get(30, TimeUnit.SECONDS)).isEqualTo(i);
      }
      List<String> scanned = new ArrayList<>();
      ScanIterator.scan(redis, ScanArgs.Builder.limit(1)).forEachRemaining(scanned::add);
      assertThat(scanned).containsExactlyInAnyOrder("a", "n");
    }
  }

  @Test
  void messagesReachSubscribersOnOtherEventLoops() throws Exception {
    try (RespServer server = RespServer.start();
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.port());
        StatefulRedisPubSubConnection<String, String> subscriber = client.connectPubSub();
        Jedis jedis = new Jedis("127.0.0.1", server.port())) {
      LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
      subscriber.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
              heard.add(channel + "=" + message);
            }
          });
      subscriber.sync().subscribe("news");

      for (int i = 0; i < MANY; i++) {
        assertThat(jedis.publish("news", "n" + i)).isEqualTo(1);
      }

      for (int i = 0; i < MANY; i++) {
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("news=n" + i);
      }
    }
  }
}
