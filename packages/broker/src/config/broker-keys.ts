import type { ConfigKey } from "./config-key.ts";
import { cleanerKeys } from "./keys/cleaner.ts";
import { groupsKeys } from "./keys/groups.ts";
import { listenersKeys } from "./keys/listeners.ts";
import { logKeys } from "./keys/log.ts";
import { metadataLogKeys } from "./keys/metadata-log.ts";
import { metricsKeys } from "./keys/metrics.ts";
import { millraceKeys } from "./keys/millrace.ts";
import { networkKeys } from "./keys/network.ts";
import { nodeKeys } from "./keys/node.ts";
import { quorumKeys } from "./keys/quorum.ts";
import { quotasKeys } from "./keys/quotas.ts";
import { remoteKeys } from "./keys/remote.ts";
import { replicationKeys } from "./keys/replication.ts";
import { saslKeys } from "./keys/sasl.ts";
import { saslOauthbearerKeys } from "./keys/sasl-oauthbearer.ts";
import { securityKeys } from "./keys/security.ts";
import { shareGroupsKeys } from "./keys/share-groups.ts";
import { sslKeys } from "./keys/ssl.ts";
import { streamsGroupsKeys } from "./keys/streams-groups.ts";
import { topicsKeys } from "./keys/topics.ts";
import { transactionsKeys } from "./keys/transactions.ts";

/** Every configuration of a broker that Apache Kafka 4.3 has, and Millrace's own. */
export const brokerKeys = {
  ...nodeKeys,
  ...listenersKeys,
  ...networkKeys,
  ...quorumKeys,
  ...metadataLogKeys,
  ...logKeys,
  ...cleanerKeys,
  ...topicsKeys,
  ...replicationKeys,
  ...groupsKeys,
  ...shareGroupsKeys,
  ...streamsGroupsKeys,
  ...transactionsKeys,
  ...quotasKeys,
  ...securityKeys,
  ...sslKeys,
  ...saslKeys,
  ...saslOauthbearerKeys,
  ...metricsKeys,
  ...remoteKeys,
  ...millraceKeys,
};

/** The configurations by the area that docs/configuration.md shows them in. */
export const brokerKeysByArea: readonly (readonly [string, Readonly<Record<string, ConfigKey>>])[] =
  [
    ["Node", nodeKeys],
    ["Listeners", listenersKeys],
    ["Connections and requests", networkKeys],
    ["Controller quorum", quorumKeys],
    ["Metadata log", metadataLogKeys],
    ["Logs", logKeys],
    ["Compaction", cleanerKeys],
    ["Topics", topicsKeys],
    ["Replication", replicationKeys],
    ["Groups", groupsKeys],
    ["Share groups", shareGroupsKeys],
    ["Streams groups", streamsGroupsKeys],
    ["Transactions and producers", transactionsKeys],
    ["Quotas", quotasKeys],
    ["Security", securityKeys],
    ["TLS", sslKeys],
    ["SASL", saslKeys],
    ["SASL/OAUTHBEARER", saslOauthbearerKeys],
    ["Metrics", metricsKeys],
    ["Tiered storage", remoteKeys],
    ["Millrace's own", millraceKeys],
  ];

const brokerKeysByName: ReadonlyMap<string, ConfigKey> = new Map(Object.entries(brokerKeys));

/** The configuration of a name; `undefined` when no broker has it. */
export function findBrokerKey(name: string): ConfigKey | undefined {
  return brokerKeysByName.get(name);
}
