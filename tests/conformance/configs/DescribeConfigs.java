import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Prints what a broker answers to DescribeConfigs, one configuration a line, so that two brokers'
 * answers can be compared: of a topic and a broker as they are created, and after changes.
 * Usage: DescribeConfigs BOOTSTRAP NODE_ID
 */
public final class DescribeConfigs {
  private final Admin admin;
  private final String nodeId;

  private DescribeConfigs(Admin admin, String nodeId) {
    this.admin = admin;
    this.nodeId = nodeId;
  }

  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", arguments[0]);
    properties.put("request.timeout.ms", "20000");
    properties.put("default.api.timeout.ms", "30000");
    try (Admin admin = Admin.create(properties)) {
      new DescribeConfigs(admin, arguments[1]).run();
    }
  }

  private void run() throws Exception {
    ConfigResource plain = new ConfigResource(ConfigResource.Type.TOPIC, "configs-plain");
    ConfigResource special = new ConfigResource(ConfigResource.Type.TOPIC, "configs-special");
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, nodeId);
    ConfigResource everyBroker = new ConfigResource(ConfigResource.Type.BROKER, "");
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "configs-group");
    ConfigResource metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "configs-metrics");
    NewTopic topic = new NewTopic("configs-special", 1, (short) 1)
        .configs(Map.of("retention.ms", "1000", "cleanup.policy", "compact,delete", "min.cleanable.dirty.ratio", "0.10"));
    admin.createTopics(List.of(new NewTopic("configs-plain", 1, (short) 1), topic)).all().get();

    describe("fresh", plain);
    describe("fresh", special);
    describe("fresh", broker);
    describe("fresh", everyBroker);
    describe("fresh", group);
    describe("fresh", metrics);

    alter(everyBroker, set("log.retention.ms", "7200000"), set("compression.type", "zstd"), set("max.connections", "500"));
    alter(broker, set("log.retention.ms", "3600000"), set("log.cleaner.min.cleanable.ratio", "0.00010"));
    alter(group, set("consumer.session.timeout.ms", "50000"));
    alter(metrics, set("interval.ms", "60000"), set("metrics", "org.apache.kafka.producer."));
    alter(special, new AlterConfigOp(new ConfigEntry("cleanup.policy", "delete"), AlterConfigOp.OpType.SUBTRACT));
    Thread.sleep(1000);

    describe("changed", plain);
    describe("changed", special);
    describe("changed", broker);
    describe("changed", everyBroker);
    describe("changed", group);
    describe("changed", metrics);

    refuse(broker, set("node.id", "7"));
    refuse(broker, set("ssl.keystore.location", "/tmp/keys"));
    refuse(broker, set("log.retention.ms", "soon"));
    refuse(everyBroker, set("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT"));
    refuse(plain, set("retention.ms", "soon"));
    refuse(plain, set("segment.bytes", "1"));
    refuse(plain, set("no.such.key", "1"));
    refuse(plain, set("remote.storage.enable", "true"));
    refuse(plain, set("min.compaction.lag.ms", "9"), set("max.compaction.lag.ms", "8"));
    refuse(new ConfigResource(ConfigResource.Type.TOPIC, "configs-nowhere"), set("retention.ms", "1"));
    refuse(group, set("consumer.session.timeout.ms", "1"));
    refuse(metrics, set("interval.ms", "1"));
    refuse(broker, set("min.insync.replicas", "2"));
    refuse(everyBroker, remove("min.insync.replicas"));
    refuse(everyBroker, set("min.insync.replicas", "1"));
    refuse(everyBroker, set("num.partitions", "3"));
    refuse(everyBroker, set("log.cleaner.threads", "2"));
    refuse(everyBroker, set("background.threads", "0"));
    refuse(plain, append("retention.ms", "1"));
    refuse(plain, append("cleanup.policy", "compact"));
    refuse(plain, append("cleanup.policy", "shrink"));
    refuse(plain, set("leader.replication.throttled.replicas", "x"));
    refuse(plain, remove("no.such.key"));
    refuse(group, set("no.such.key", "1"));
    refuse(metrics, set("no.such.key", "1"));
    refuse(metrics, set("match", "client_id=["));
    refuse(metrics, set("interval.ms", "x"));
    ConfigResource loggers = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, nodeId);
    refuse(loggers, set("root", "WARN"));
    refuse(loggers, set("root", "LOUD"));
    refuse(loggers, set("no.such.logger", "WARN"));
    refuse(loggers, remove("root"));
    refuse(loggers, append("root", "WARN"));
    refuse(new ConfigResource(ConfigResource.Type.TOPIC, "configs plain"), set("retention.ms", "1"));
  }

  private void describe(String when, ConfigResource resource) throws Exception {
    DescribeConfigsOptions options = new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(true);
    Config config = admin.describeConfigs(List.of(resource), options).all().get().get(resource);
    for (ConfigEntry entry : config.entries().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList()) {
      System.out.println(String.join("\t", when, resource.type() + ":" + resource.name(), entry.name(),
          String.valueOf(entry.value()), entry.source().name(), entry.type().name(),
          entry.isReadOnly() ? "read-only" : "changeable", entry.isSensitive() ? "sensitive" : "shown",
          entry.isDefault() ? "default" : "set", synonyms(entry)));
    }
  }

  private static String synonyms(ConfigEntry entry) {
    return entry.synonyms().stream()
        .map(synonym -> synonym.name() + "=" + synonym.value() + "@" + synonym.source())
        .collect(Collectors.joining(" "));
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }

  private static AlterConfigOp append(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.APPEND);
  }

  private static AlterConfigOp remove(String name) {
    return new AlterConfigOp(new ConfigEntry(name, null), AlterConfigOp.OpType.DELETE);
  }

  private void alter(ConfigResource resource, AlterConfigOp... operations) throws Exception {
    Collection<AlterConfigOp> all = List.of(operations);
    admin.incrementalAlterConfigs(Map.of(resource, all)).all().get();
  }

  /** Prints the error that a change is refused with, without its words. */
  private void refuse(ConfigResource resource, AlterConfigOp... operations) throws Exception {
    String outcome = "taken";
    try {
      alter(resource, operations);
    } catch (java.util.concurrent.ExecutionException error) {
      outcome = error.getCause().getClass().getSimpleName();
      System.err.println(resource + " " + operations[0].configEntry().name() + ": " + error.getCause().getMessage());
    }
    System.out.println(String.join("\t", "refused", resource.type() + ":" + resource.name(), operations[0].opType() + " " + operations[0].configEntry().name() + "=" + operations[0].configEntry().value(), outcome));
  }
}
