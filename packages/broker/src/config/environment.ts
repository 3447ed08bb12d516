/** A configuration that an environment variable gives. */
export interface EnvironmentConfig {
  readonly variable: string;
  readonly key: string;
  readonly value: string;
}

/** Variables of Kafka's start scripts and container image that are no configurations. */
const scriptVariables: ReadonlySet<string> = new Set([
  "KAFKA_VERSION",
  "KAFKA_HEAP_OPTS",
  "KAFKA_LOG4J_OPTS",
  "KAFKA_OPTS",
  "KAFKA_JMX_OPTS",
  "KAFKA_JMX_PORT",
  "KAFKA_JMX_HOSTNAME",
  "KAFKA_JVM_PERFORMANCE_OPTS",
  "KAFKA_GC_LOG_OPTS",
  "KAFKA_LOG4J_ROOT_LOGLEVEL",
  "KAFKA_LOG4J_LOGGERS",
  "KAFKA_TOOLS_LOG4J_LOGLEVEL",
  "KAFKA_DEBUG",
  "KAFKA_HOME",
  "KAFKA_MODE",
]);

/**
 * Reads the names of the apache/kafka image: KAFKA_LOG_RETENTION_HOURS is log.retention.hours.
 * `_` stands for a dot, `__` for an underscore, `___` for a dash. MILLRACE_HTTP_PORT is
 * millrace.http.port by the same rule. As in the image, listeners that are not given follow from
 * the advertised ones, on every address. Sorted by variable.
 */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): readonly EnvironmentConfig[] {
  const configs: EnvironmentConfig[] = [];
  for (const variable of Object.keys(environment).sort()) {
    const value = environment[variable];
    const key = keyOfVariable(variable);
    if (key === undefined || value === undefined) continue;
    configs.push({ variable, key, value });
  }
  const advertised = configs.find((config) => config.key === "advertised.listeners");
  if (advertised !== undefined && !configs.some((config) => config.key === "listeners")) {
    const value = advertised.value.replaceAll(/:\/\/[^:]*:/g, "://0.0.0.0:");
    configs.push({ variable: advertised.variable, key: "listeners", value });
  }
  return configs;
}

function keyOfVariable(variable: string): string | undefined {
  if (scriptVariables.has(variable)) return undefined;
  if (variable.startsWith("KAFKA_")) return toKey(variable.slice("KAFKA_".length));
  if (variable.startsWith("MILLRACE_")) return toKey(variable);
  return undefined;
}

function toKey(name: string): string {
  return name.toLowerCase().replaceAll("_", ".").replaceAll("...", "-").replaceAll("..", "_");
}
