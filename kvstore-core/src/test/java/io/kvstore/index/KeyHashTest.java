package io.kvstore.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyHashTest {
  /**
   * The vectors of the reference implementation: the hash of 0, 1, 2 ... under the key 0 to 15, for
   * every length from 0 to 63.
   */
  private static final String[] REFERENCE = {
    "abac0158050fc4dc", "c9f49bf37d57ca93", "82cb9b024dc7d44d", "8bf80ab8e7ddf7fb",
    "cf75576088d38328", "def9d52f49533b67", "c50d2b50c59f22a7", "d3927d989bb11140",
    "369095118d299a8e", "25a48eb36c063de4", "79de85ee92ff097f", "70c118c1f94dc352",
    "78a384b157b4d9a2", "306f760c1229ffa7", "605aa111c0f95d34", "d320d86d2a519956",
    "cc4fdd1a7d908b66", "9cf2689063dbd80c", "8ffc389cb473e63e", "f21f9de58d297d1c",
    "c0dc2f46a6cce040", "b992abfe2b45f844", "7ffe7b9ba320872e", "525a0e7fdae6c123",
    "f464aeb267349c8c", "45cd5928705b0979", "3a3e35e3ca9913a5", "a91dc74e4ade3b35",
    "fb0bed02ef6cd00d", "88d93cb44ab1e1f4", "540f11d643c5e663", "2370dd1f8c21d1bc",
    "81157b6c16a7b60d", "4d54b9e57a8ff9bf", "759f12781f2a753e", "cea1a3bebf186b91",
    "2cf508d3ada26206", "b6101c2da3c33057", "b3f47496ae3a36a1", "626b57547b108392",
    "c1d2363299e41531", "667cc1923f1ad944", "65704ffec8138825", "24f280d1c28949a6",
    "c2ca1cedfaf8876b", "c2164bfc9f042196", "a16e9c9368b1d623", "49fb169c8b5114fd",
    "9f3143f8df074c46", "c6fdaf2412cc86b3", "7eaf49d10a52098f", "1cf313559d292f9a",
    "c44a30dda2f41f12", "36fae98943a71ed0", "318fb34c73f0bce6", "a27abf3670a7e980",
    "b4bcc0db243c6d75", "23f8d852fdb71513", "8f035f4da67d8a08", "d89cd0e5b7e8f148",
    "f6f4e6bcf7a644ee", "aec59ad80f1837f2", "c3b2f6154b6694e0", "9d199062b7bbb3a8"
  };

  @Test
  void hashesAreThoseOfTheReferenceImplementation() {
    KeyHash hash = new KeyHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    byte[] bytes = new byte[64];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
      long expected = new BigInteger(REFERENCE[i], 16).longValue();

      assertThat(hash.of(Arrays.copyOf(bytes, i))).as("length %s", i).isEqualTo(expected);
    }
  }

  @Test
  void hashesAreThoseOfTheDefinition() {
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      long key0 = random.nextLong();
      long key1 = random.nextLong();
      byte[] bytes = new byte[random.nextInt(i < 4_900 ? 65 : 65_536)];
      random.nextBytes(bytes);

      assertThat(new KeyHash(key0, key1).of(bytes)).isEqualTo(sipHash13(key0, key1, bytes));
    }
  }

  /** Word for word as the paper defines it, with c = 1 and d = 3. */
  private static long sipHash13(long key0, long key1, byte[] bytes) {
    ByteBuffer words = ByteBuffer.allocate(bytes.length / 8 * 8 + 8).order(ByteOrder.LITTLE_ENDIAN);
    words.put(bytes).put(words.capacity() - 1, (byte) bytes.length).rewind();
    long[] v = {
      key0 ^ 0x736f6d6570736575L,
      key1 ^ 0x646f72616e646f6dL,
      key0 ^ 0x6c7967656e657261L,
      key1 ^ 0x7465646279746573L
    };
    while (words.hasRemaining()) {
      long word = words.getLong();
      v[3] ^= word;
      round(v);
      v[0] ^= word;
    }
    v[2] ^= 0xff;
    round(v);
    round(v);
    round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
  }

  private static void round(long[] v) {
    half(v, 0, 1, 13);
    half(v, 2, 3, 16);
    v[0] = Long.rotateLeft(v[0], 32);
    half(v, 2, 1, 17);
    half(v, 0, 3, 21);
    v[2] = Long.rotateLeft(v[2], 32);
  }

  private static void half(long[] v, int a, int b, int bits) {
    v[a] += v[b];
    v[b] = Long.rotateLeft(v[b], bits) ^ v[a];
  }
}
