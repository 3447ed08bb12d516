import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Members of share groups, one scenario after the other; prints a line for each finding. */
public final class ShareClient {
  private static String bootstrap;

  public static void main(String[] words) throws Exception {
    bootstrap = words[0];
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      implicit(admin);
      explicit(admin);
      renew(admin);
      lockTimeout(admin);
      readCommitted(admin);
      // The topic of dead letters belongs to Kafka 4.4 and to Millrace.
      if (words.length > 1) deadLetters(admin, words[1]);
    }
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /** Closing gives back what was polled last; committing accepts it. */
  private static void implicit(Admin admin) throws Exception {
    prepare(admin, "implicit", 3, Map.of());
    try (KafkaShareConsumer<String, String> consumer = consumer("implicit", "implicit")) {
      say("implicit", "closed " + offsetsAndCounts(poll(consumer, 3)));
    }
    try (KafkaShareConsumer<String, String> consumer = consumer("implicit", "implicit")) {
      say("implicit", "again " + offsetsAndCounts(poll(consumer, 3)));
      say("implicit", "kept " + outcome(consumer.commitSync()));
    }
    try (KafkaShareConsumer<String, String> consumer = consumer("implicit", "implicit")) {
      say("implicit", "left " + poll(consumer, 1, 3000).size());
    }
  }

  /** Accepts some records, releases two and rejects one. */
  private static void explicit(Admin admin) throws Exception {
    prepare(admin, "explicit", 6, Map.of());
    try (KafkaShareConsumer<String, String> consumer = consumer("explicit", "explicit")) {
      for (ConsumerRecord<String, String> record : poll(consumer, 6)) {
        AcknowledgeType type = switch ((int) record.offset()) {
          case 1, 4 -> AcknowledgeType.RELEASE;
          case 2 -> AcknowledgeType.REJECT;
          default -> AcknowledgeType.ACCEPT;
        };
        consumer.acknowledge(record, type);
      }
      say("explicit", "kept " + outcome(consumer.commitSync()));
      List<ConsumerRecord<String, String>> again = poll(consumer, 2);
      say("explicit", "again " + offsetsAndCounts(again));
      again.forEach(record -> consumer.acknowledge(record, AcknowledgeType.ACCEPT));
      say("explicit", "kept " + outcome(consumer.commitSync()));
    }
    try (KafkaShareConsumer<String, String> consumer = consumer("explicit", "explicit")) {
      say("explicit", "left " + poll(consumer, 1, 2000).size());
    }
  }

  /** A record that is renewed stays its member's beyond the time of its lock. */
  private static void renew(Admin admin) throws Exception {
    prepare(admin, "renew", 1, Map.of("share.record.lock.duration.ms", "2000"));
    try (KafkaShareConsumer<String, String> holder = consumer("renew", "renew");
        KafkaShareConsumer<String, String> other = consumer("renew", "renew")) {
      ConsumerRecord<String, String> record = poll(holder, 1).get(0);
      int others = 0;
      for (int second = 0; second < 5; second++) {
        holder.acknowledge(record, AcknowledgeType.RENEW);
        holder.commitSync();
        holder.poll(Duration.ofMillis(10));
        others += poll(other, 1, 1000).size();
      }
      holder.acknowledge(record, AcknowledgeType.ACCEPT);
      say("renew", "others " + others + " kept " + outcome(holder.commitSync()));
    }
  }

  private static void lockTimeout(Admin admin) throws Exception {
    prepare(admin, "timeout", 1, Map.of("share.record.lock.duration.ms", "1500"));
    try (KafkaShareConsumer<String, String> holder = consumer("timeout", "timeout");
        KafkaShareConsumer<String, String> other = consumer("timeout", "timeout")) {
      ConsumerRecord<String, String> record = poll(holder, 1).get(0);
      List<ConsumerRecord<String, String>> again = poll(other, 1);
      say("timeout", "again " + offsetsAndCounts(again));
      again.forEach(each -> other.acknowledge(each, AcknowledgeType.ACCEPT));
      say("timeout", "kept " + outcome(other.commitSync()));
      holder.acknowledge(record, AcknowledgeType.ACCEPT);
      say("timeout", "late " + outcome(holder.commitSync()));
    }
  }

  private static void readCommitted(Admin admin) throws Exception {
    prepare(admin, "committed", 0, Map.of("share.isolation.level", "read_committed"));
    Properties properties = producerProperties();
    properties.put("transactional.id", "share-client");
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(properties)) {
      producer.initTransactions();
      for (int round = 0; round < 4; round++) {
        producer.beginTransaction();
        for (int i = 0; i < 3; i++) {
          producer.send(new ProducerRecord<>("committed", 0, "key", "round-" + round));
        }
        if (round % 2 == 0) producer.commitTransaction();
        else producer.abortTransaction();
      }
    }
    try (KafkaShareConsumer<String, String> consumer = consumer("committed", "committed")) {
      List<ConsumerRecord<String, String>> records = poll(consumer, 6);
      say("committed", records.stream().map(ConsumerRecord::value).distinct().toList() + " "
          + records.size());
      records.forEach(record -> consumer.acknowledge(record, AcknowledgeType.ACCEPT));
      say("committed", "kept " + outcome(consumer.commitSync()));
    }
  }

  /** One record is rejected, one used up. */
  private static void deadLetters(Admin admin, String topic) throws Exception {
    prepare(admin, "dead", 3, Map.of("errors.deadletterqueue.topic.name", topic,
        "errors.deadletterqueue.copy.record.enable", "true", "share.delivery.count.limit", "2"));
    try (KafkaShareConsumer<String, String> consumer = consumer("dead", "dead")) {
      for (int round = 0; round < 2; round++) {
        for (ConsumerRecord<String, String> record : poll(consumer, round == 0 ? 3 : 1)) {
          AcknowledgeType type = switch ((int) record.offset()) {
            case 0 -> AcknowledgeType.REJECT;
            case 1 -> AcknowledgeType.RELEASE;
            default -> AcknowledgeType.ACCEPT;
          };
          consumer.acknowledge(record, type);
        }
        say("dead", "kept " + outcome(consumer.commitSync()));
      }
      say("dead", "left " + poll(consumer, 1, 2000).size());
    }
  }

  /** Makes a topic with records, and a group of its name that begins with the first of them. */
  private static void prepare(Admin admin, String name, int count, Map<String, String> configs)
      throws Exception {
    admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
    Collection<AlterConfigOp> changes = new ArrayList<>();
    changes.add(set("share.auto.offset.reset", "earliest"));
    configs.forEach((key, value) -> changes.add(set(key, value)));
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, name);
    admin.incrementalAlterConfigs(Map.of(group, changes)).all().get();
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(producerProperties())) {
      for (int i = 0; i < count; i++) producer.send(new ProducerRecord<>(name, "k" + i, "v" + i));
    }
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }

  private static Properties producerProperties() {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrap);
    properties.put("key.serializer", StringSerializer.class.getName());
    properties.put("value.serializer", StringSerializer.class.getName());
    return properties;
  }

  private static KafkaShareConsumer<String, String> consumer(String group, String topic) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrap);
    properties.put("group.id", group);
    String mode = group.equals("implicit") ? "implicit" : "explicit";
    properties.put("share.acknowledgement.mode", mode);
    KafkaShareConsumer<String, String> consumer =
        new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    consumer.subscribe(List.of(topic));
    return consumer;
  }

  private static List<ConsumerRecord<String, String>> poll(
      KafkaShareConsumer<String, String> consumer, int count) {
    return poll(consumer, count, 30_000);
  }

  /** In explicit mode all records of a poll must be acknowledged before the next. */
  private static List<ConsumerRecord<String, String>> poll(
      KafkaShareConsumer<String, String> consumer, int count, long waitMs) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    long endMs = System.currentTimeMillis() + waitMs;
    while (records.size() < count && System.currentTimeMillis() < endMs) {
      consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      if (!records.isEmpty()) break;
    }
    return records;
  }

  private static String offsetsAndCounts(List<ConsumerRecord<String, String>> records) {
    return records.stream()
        .map(record -> record.offset() + "x" + record.deliveryCount().orElse((short) -1))
        .collect(Collectors.joining(" "));
  }

  private static String outcome(Map<?, ? extends java.util.Optional<? extends Exception>> results) {
    return results.values().stream()
        .map(error -> error.map(each -> each.getClass().getSimpleName()).orElse("ok"))
        .collect(Collectors.joining(" "));
  }

  private static void say(String scenario, String text) {
    System.out.println(scenario + ": " + text);
  }
}
