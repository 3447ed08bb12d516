import java.io.FileReader;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Produces one record to a topic with each properties file that is named, and prints what came of it. */
public class SecureClient {
  public static void main(String[] args) throws Exception {
    for (String path : List.of(args).subList(1, args.length)) {
      Properties properties = new Properties();
      try (FileReader reader = new FileReader(path)) {
        properties.load(reader);
      }
      properties.put("delivery.timeout.ms", "6000");
      properties.put("request.timeout.ms", "5000");
      properties.put("max.block.ms", "6000");
      System.out.println(path.replaceAll(".*/|\\.properties$", "") + ": " + outcome(properties, args[0]));
    }
  }

  private static String outcome(Properties properties, String topic) {
    try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, "from Java")).get(10, TimeUnit.SECONDS);
      return "ok";
    } catch (Exception error) {
      Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
      return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
  }
}
