import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;

/** Prints keys, their hashes, and their partitions among 1, 3, 12 and 1000, as Apache Kafka has them. */
public class PartitionerPeer {
  public static void main(String[] args) {
    Random random = new Random(Long.parseLong(args[0]));
    StringBuilder lines = new StringBuilder();
    for (int index = 0; index < 400; index++) {
      byte[] key = new byte[index < 64 ? index : random.nextInt(300)];
      random.nextBytes(key);
      lines.append(key.length == 0 ? "-" : hex(key)).append(' ').append(Utils.murmur2(key));
      for (int count : new int[] {1, 3, 12, 1000}) {
        lines.append(' ').append(BuiltInPartitioner.partitionForKey(key, count));
      }
      lines.append('\n');
    }
    System.out.print(lines);
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte one : bytes) text.append(String.format("%02x", one));
    return text.toString();
  }
}
