import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;

/**
 * Prints every configuration that Apache Kafka knows, one a line: kind, name, type, default, valid
 * values, importance, update mode, whether it is internal. It needs Kafka's server jars.
 */
public final class ConfigFacts {
  public static void main(String[] arguments) throws Exception {
    print("broker", kafka.server.KafkaConfig.configDef(), DynamicBrokerConfig.dynamicConfigUpdateModes());
    var topic = Class.forName("org.apache.kafka.storage.internals.log.LogConfig").getDeclaredMethod("configDefCopy");
    print("topic", (ConfigDef) topic.invoke(null), Map.of());
    print("group", GroupConfig.CONFIG_DEF, Map.of());
    print("client-metrics", ClientMetricsConfigs.configDef(), Map.of());
  }

  private static void print(String kind, ConfigDef definition, Map<String, String> updateModes) {
    definition.configKeys().values().stream().map(key -> String.join("\t", kind, key.name,
        key.type.name().toLowerCase(),
        !key.hasDefault() ? "none" : key.defaultValue == null ? "null" : "=" + ConfigDef.convertToString(key.defaultValue, key.type),
        key.validator == null ? "" : key.validator.toString(),
        key.importance.name().toLowerCase(),
        updateModes.getOrDefault(key.name, "read-only"),
        key.internalConfig ? "internal" : "public")).sorted().forEach(System.out::println);
  }
}
