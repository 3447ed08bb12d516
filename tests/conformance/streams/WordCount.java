import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

/**
 * Counts words exactly once: lines are split, words go through a repartition topic, counts are kept
 * in memory with a changelog topic, and every new count is written. Prints each state it comes to.
 */
public final class WordCount {
  public static void main(String[] words) {
    String bootstrap = words[0];
    String protocol = words[1];
    String application = words[2];
    String folder = words[3];
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(application + "-lines", Consumed.with(Serdes.String(), Serdes.String()))
        .flatMapValues(line -> List.of(line.split(" ")))
        .groupBy((key, word) -> word, Grouped.with("by-word", Serdes.String(), Serdes.String()))
        .count(
            Materialized.<String, Long>as(Stores.inMemoryKeyValueStore("counts"))
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.Long()))
        .toStream()
        .mapValues(String::valueOf)
        .to(application + "-counts", Produced.with(Serdes.String(), Serdes.String()));
    KafkaStreams streams =
        new KafkaStreams(builder.build(), settings(bootstrap, protocol, application, folder));
    streams.setStateListener((now, before) -> System.out.println("state " + now));
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(20))));
    streams.start();
  }

  private static Properties settings(
      String bootstrap, String protocol, String application, String folder) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, folder);
    settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, protocol);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    settings.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 5000);
    if (protocol.equals("classic")) {
      settings.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6000);
      settings.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 500);
    }
    return settings;
  }
}
