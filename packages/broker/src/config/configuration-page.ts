import { brokerKeysByArea } from "./broker-keys.ts";
import type { ConfigKey, KeyStatus, KeyTable } from "./config-key.ts";
import { formatConfigValue } from "./config-value.ts";
import { clientMetricsKeys } from "./keys/client-metrics.ts";
import { groupKeys } from "./keys/group.ts";
import { topicKeys } from "./keys/topic.ts";
import { brokerSynonymOfGroupKey } from "./group-config.ts";
import { brokerSynonymOfTopicKey } from "./synonyms.ts";

/** Writes docs/configuration.md from the tables; `npm run docs:config` puts it into its place. */
export function renderConfigurationPage(): string {
  return `${[introduction(), ...brokerSections(), ...otherSections()].join("\n\n")}\n`;
}

function introduction(): string {
  const keys = brokerKeysByArea.flatMap(([, table]) => Object.entries(table));
  const ofKafka = keys.filter(([name]) => !name.startsWith("millrace."));
  const count = (kind: KeyStatus["kind"]): number => {
    return ofKafka.filter(([, key]) => key.status.kind === kind).length;
  };
  const [acting, accepted, refused] = [count("acts"), count("accepted"), count("refused")];
  return `# Configuration

<!-- Written by \`npm run docs:config\` from the tables in packages/broker/src/config/keys. -->

Millrace takes Apache Kafka's configurations by Kafka's names. Of the ${ofKafka.length} that a broker of
Kafka 4.3 knows, ${acting} act, ${accepted} are accepted without effect, and ${refused} are refused
when they promise something that is not built: nothing is served open, or unlimited, in silence.

| what Millrace does | means |
|---|---|
| acts | The broker does what the configuration says. |
| no effect | Any valid value is taken and shown; one that is not the default is logged at start. |
| refused | The broker does not start with another value than those named. |

Where a configuration is given several times, the last of these counts: the properties file, the
environment, \`--override key=value\`, the metadata for all brokers, the metadata for this broker.

- **File.** \`millrace start server.properties\` reads Kafka's own file as it is. A name that nobody
  knows, a value of the wrong type, and values that exclude each other, are errors with their place.
- **Environment.** As in the apache/kafka image: \`KAFKA_LOG_RETENTION_HOURS\` is \`log.retention.hours\`;
  \`_\` stands for a dot, \`__\` for an underscore, \`___\` for a dash. \`MILLRACE_HTTP_PORT\` is
  \`millrace.http.port\`. Listeners that are not given follow from the advertised ones. \`CLUSTER_ID\` is
  the cluster id of a folder that is formatted.
- **While it runs.** \`kafka-configs\` and every admin client change what is marked *cluster-wide*
  (for all brokers or for one) or *per-broker* (for one). \`listeners\` and \`listener.security.protocol.map\`, which
  Kafka changes too, are read at start only.
- **Single listeners.** \`listener.name.NAME.\` in front of \`ssl.…\`, \`sasl.…\`, \`max.connections\`
  and \`max.connection.creation.rate\` gives one listener a value of its own, and a mechanism's name
  after it one mechanism: \`listener.name.NAME.plain.sasl.jaas.config\`. The certificates of a
  listener change at run time under such names. Others of that form have no effect.

Without a file, one node starts with both roles, \`node.id=1\` and one replica for Kafka's own topics.`;
}

function brokerSections(): readonly string[] {
  return brokerKeysByArea.map(([title, table]) => {
    const rows = Object.entries(table).map(([name, key]) => {
      const changes = key.updateMode === "read-only" ? "at start" : key.updateMode;
      return [code(name), typeOf(key), valueOf(key), changes, statusOf(key), key.documentation];
    });
    return section(`Broker: ${title}`, [
      ["name", "type", "default", "changes", "Millrace", "what it is"],
      ...rows,
    ]);
  });
}

function otherSections(): readonly string[] {
  return [
    resourceSection("Topics", topicKeys, brokerSynonymOfTopicKey),
    resourceSection("Groups", groupKeys, (name) => {
      const synonym = brokerSynonymOfGroupKey(name);
      return synonym === name ? undefined : synonym;
    }),
    resourceSection("Client metrics subscriptions", clientMetricsKeys, () => undefined),
  ];
}

function resourceSection(
  title: string,
  table: KeyTable,
  synonymOf: (name: string) => string | undefined,
): string {
  const rows = Object.entries(table).map(([name, key]) => {
    const synonym = synonymOf(name);
    const inherits = synonym === undefined ? valueOf(key) : code(synonym);
    return [code(name), typeOf(key), inherits, statusOf(key), key.documentation];
  });
  return section(title, [
    ["name", "type", "default, or where it comes from", "Millrace", "what it is"],
    ...rows,
  ]);
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const lines = [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`);
  return `## ${title}\n\n${lines.join("\n")}`;
}

function typeOf(key: ConfigKey): string {
  const type = key.isInternal ? `${key.type}, internal` : key.type;
  return key.validator === undefined ? type : `${type}: ${escapeCell(key.validator.expected)}`;
}

function valueOf(key: ConfigKey): string {
  if (key.defaultValue === null) return "none";
  const text = formatConfigValue(key, key.defaultValue);
  return text === "" ? "empty" : code(text);
}

function statusOf(key: ConfigKey): string {
  const { status } = key;
  if (status.kind === "acts") return "acts";
  if (status.kind === "accepted") return `no effect: ${escapeCell(status.reason)}`;
  const allowed = status.allowed.map((text) => (text === "" ? "an empty value" : code(text)));
  const unless = allowed.length === 0 ? "" : ` unless ${allowed.join(" or ")}`;
  return `refused${unless}: ${escapeCell(status.reason)}`;
}

function code(text: string): string {
  return `\`${escapeCell(text)}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
