import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A transactional producer and a reader of what it committed; prints one line for each finding. */
public final class TransactionalClient {
  private static final String GROUP = "transactional-group";

  public static void main(String[] words) throws Exception {
    String bootstrap = words[1];
    String topic = words[2];
    switch (words[0]) {
      case "alternate" -> alternate(bootstrap, topic);
      case "fence" -> fence(bootstrap, topic);
      case "abandon" -> abandon(bootstrap, topic, 1_000);
      case "leave" -> abandon(bootstrap, topic, 600_000);
      default -> throw new IllegalArgumentException(words[0]);
    }
    // Producers that were fenced or left open on purpose would wait for their time-outs.
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /** Commits every second of six transactions, each with an offset, and aborts the others. */
  private static void alternate(String bootstrap, String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    KafkaConsumer<String, String> consumer = consumer(bootstrap);
    try (KafkaProducer<String, String> producer = producer(bootstrap, 60_000)) {
      producer.initTransactions();
      for (int round = 0; round < 6; round++) {
        producer.beginTransaction();
        for (int i = 0; i < 10; i++) {
          producer.send(new ProducerRecord<>(topic, 0, "key-" + i, "round-" + round));
        }
        OffsetAndMetadata offset = new OffsetAndMetadata(round * 10L);
        producer.sendOffsetsToTransaction(Map.of(partition, offset), consumer.groupMetadata());
        if (round % 2 == 0) {
          producer.commitTransaction();
        } else {
          producer.abortTransaction();
        }
      }
    }
    consumer.assign(List.of(partition));
    System.out.println("committed " + consumer.committed(Set.of(partition)).get(partition).offset());
    consumer.seekToBeginning(List.of(partition));
    System.out.println("read " + values(consumer, 30));
  }

  /** A second producer with the same id takes over; the first must not get anything in. */
  private static void fence(String bootstrap, String topic) {
    KafkaProducer<String, String> first = producer(bootstrap, 60_000);
    first.initTransactions();
    first.beginTransaction();
    first.send(new ProducerRecord<>(topic, "a", "before"));
    first.flush();
    KafkaProducer<String, String> second = producer(bootstrap, 60_000);
    second.initTransactions();
    try {
      first.send(new ProducerRecord<>(topic, "a", "zombie")).get();
      first.commitTransaction();
      System.out.println("the first producer was not fenced");
    } catch (Exception error) {
      System.out.println("fenced");
    }
    second.beginTransaction();
    second.send(new ProducerRecord<>(topic, "a", "after"));
    second.commitTransaction();
  }

  /** Begins a transaction and leaves it open until its time is up. */
  private static void abandon(String bootstrap, String topic, int timeoutMs) {
    KafkaProducer<String, String> producer = producer(bootstrap, timeoutMs);
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(topic, "a", "abandoned"));
    producer.flush();
    System.out.println("abandoned");
  }

  private static String values(KafkaConsumer<String, String> consumer, int count) {
    Set<String> values = new TreeSet<>();
    int read = 0;
    long end = System.currentTimeMillis() + 10_000;
    while (read < count && System.currentTimeMillis() < end) {
      for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
        values.add(record.value());
        read++;
      }
    }
    return read + " " + values;
  }

  private static KafkaProducer<String, String> producer(String bootstrap, int timeoutMs) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrap);
    properties.put("transactional.id", "transactional-client");
    properties.put("transaction.timeout.ms", timeoutMs);
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }

  private static KafkaConsumer<String, String> consumer(String bootstrap) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrap);
    properties.put("group.id", GROUP);
    properties.put("isolation.level", "read_committed");
    return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
  }
}
