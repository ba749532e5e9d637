package io.kvstore.server.resp.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.server.net.SendBudget;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The encoder of replies: its parts, and the memory that they count. */
class RespRepliesTest {
  private static final int LIMIT = 4 << 20;
  private static final int LONG = 1 << 20;

  private final SendBudget budget = new SendBudget(LIMIT);
  private final RespReplies replies = new RespReplies(budget.share());

  @Test
  void storedValueIsPassedOnWithoutACopy() {
    ByteBuffer value = ByteBuffer.allocateDirect(LONG).asReadOnlyBuffer();
    for (int i = 0; i < 5; i++) {
      replies.bulk(value);
    }

    List<ByteBuffer> passed = new ArrayList<>();
    replies.moveTo(
        new RespReplies.Sink() {
          @Override
          public void copy(byte[] array, int from, int length) {
            assertThat(length).isLessThan(100);
          }

          @Override
          public void pass(ByteBuffer bytes) {
            passed.add(bytes);
          }
        },
        replies.size());

    assertThat(budget.taken()).isZero();
    assertThat(passed).hasSize(5).allMatch(part -> part.isDirect() && part.remaining() == LONG);
    assertThat(replies.size()).isZero();
  }

  @Test
  void repliesForWhichThereIsNoMemoryAreRejected() {
    replies.bulk(new byte[3 * LONG]);
    int before = replies.size();

    assertThatThrownBy(() -> replies.bulk(new byte[2 * LONG]))
        .isInstanceOf(RespException.class)
        .hasMessageStartingWith("OOM ")
        .hasMessageContaining("" + LIMIT);

    replies.cutTo(before);
    assertThat(budget.taken()).isPositive();
    replies.cutTo(0);
    assertThat(budget.taken()).isZero();
    replies.bulk(new byte[3 * LONG]);
  }

  @Test
  void manyShortRepliesCount() {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i <= LIMIT; i++) {
                replies.integer(i + 2);
              }
            })
        .hasMessageStartingWith("OOM ");

    replies.cutTo(0);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void repliesOfAnotherEncoderFollow() {
    RespReplies other = replies.beside();
    byte[] value = bytes(new Random(1), LONG);
    other.bulk("short");
    other.bulk(value);
    replies.array(2);

    replies.take(other);

    assertThat(other.size()).isZero();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(RespReplies.ascii("*2\r\n$5\r\nshort\r\n$" + LONG + "\r\n"));
    expected.writeBytes(value);
    expected.writeBytes(RespReplies.ascii("\r\n"));
    assertThat(replies.toArray()).isEqualTo(expected.toByteArray());
    assertThat(budget.taken()).isZero();
  }

  /** Random replies, cut and moved at random, against a plain array. */
  @Test
  void partsAreCutAndMovedAnywhere() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      ByteArrayOutputStream moved = new ByteArrayOutputStream();
      List<Integer> sizes = new ArrayList<>(List.of(0));
      for (int step = 0; step < 40; step++) {
        int choice = random.nextInt(10);
        if (choice < 7) {
          byte[] value = bytes(random, choice == 0 ? 20_000 : random.nextInt(3_000));
          replies.bulk(random.nextBoolean() ? ByteBuffer.wrap(value) : readOnly(value));
          expected.writeBytes(RespReplies.ascii("$" + value.length + "\r\n"));
          expected.writeBytes(value);
          expected.writeBytes(RespReplies.ascii("\r\n"));
          sizes.add(replies.size());
        } else {
          int at = sizes.get(random.nextInt(sizes.size()));
          byte[] all = expected.toByteArray();
          expected.reset();
          sizes.clear();
          if (choice == 7) {
            replies.cutTo(at);
            expected.write(all, 0, at);
          } else {
            replies.moveTo(collecting(moved), at);
            assertThat(moved.toByteArray()).isEqualTo(Arrays.copyOf(all, at));
            moved.reset();
            expected.write(all, at, all.length - at);
          }
          sizes.add(replies.size());
        }
        assertThat(replies.size()).as("seed " + seed).isEqualTo(expected.size());
      }

      assertThat(replies.toArray()).as("seed " + seed).isEqualTo(expected.toByteArray());
      assertThat(budget.taken()).isZero();
    }
  }

  private static RespReplies.Sink collecting(ByteArrayOutputStream all) {
    return new RespReplies.Sink() {
      @Override
      public void copy(byte[] array, int from, int length) {
        all.write(array, from, length);
      }

      @Override
      public void pass(ByteBuffer bytes) {
        byte[] copied = new byte[bytes.remaining()];
        bytes.get(copied);
        all.writeBytes(copied);
      }
    };
  }

  private static ByteBuffer readOnly(byte[] value) {
    return ByteBuffer.wrap(value).asReadOnlyBuffer();
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
