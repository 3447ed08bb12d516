import type { ConfigKey } from "./config-key.ts";
import { clientMetricsKeys } from "./keys/client-metrics.ts";

const clientMetricsKeysByName: ReadonlyMap<string, ConfigKey> = new Map(
  Object.entries(clientMetricsKeys),
);

/** The configuration of a name; `undefined` when no subscription to client metrics has it. */
export function findClientMetricsKey(name: string): ConfigKey | undefined {
  return clientMetricsKeysByName.get(name);
}

/** The names of all configurations of a subscription to client metrics. */
export function clientMetricsKeyNames(): Iterable<string> {
  return clientMetricsKeysByName.keys();
}
