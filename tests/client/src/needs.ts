import { SaslConnection } from "@millrace/conformance/harness";
import * as protocol from "@millrace/protocol";
import type { ApiSchema } from "@millrace/protocol";

import type { ClientBroker } from "./client-broker.ts";

/** The name of a request, as `@millrace/protocol` exports its schema. */
export type ApiName = {
  [Name in keyof typeof protocol]: (typeof protocol)[Name] extends ApiSchema ? Name : never;
}[keyof typeof protocol];

const apis: { readonly [name: string]: unknown } = { ...protocol };

const offered = new Map<string, Promise<ReadonlySet<number>>>();

/** Which of the requests a broker does not have, in words; undefined when it has them all. */
export async function lackedBy(
  broker: ClientBroker,
  needs: readonly ApiName[],
): Promise<string | undefined> {
  if (needs.length === 0) return undefined;
  const keys = offered.get(broker.bootstrap) ?? keysOf(broker.bootstrap);
  offered.set(broker.bootstrap, keys);
  const known = await keys;
  const lacked = needs.filter((name) => {
    const api = apis[name] as ApiSchema;
    return !known.has(api.key);
  });
  return lacked.length === 0 ? undefined : `${broker.name} lacks ${lacked.join(", ")}`;
}

async function keysOf(bootstrap: string): Promise<ReadonlySet<number>> {
  using connection = await SaslConnection.open(Number(bootstrap.split(":")[1]));
  const who = { clientSoftwareName: "tests", clientSoftwareVersion: "1" };
  const { apiKeys } = await connection.ask(protocol.ApiVersions, 3, who);
  return new Set(apiKeys.map(({ apiKey }) => apiKey));
}
