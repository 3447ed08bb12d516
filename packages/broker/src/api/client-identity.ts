import type { TelemetryClient } from "../telemetry/client-telemetry.ts";
import type { RequestContext } from "./request-context.ts";

/** Who a group's member is, as groups are described: the address in Java's form, with a slash. */
export function clientIdentity(context: RequestContext): {
  readonly clientId: string;
  readonly clientHost: string;
} {
  return { clientId: context.clientId ?? "", clientHost: `/${context.client.remoteHost}` };
}

/** Stands for what a client has not told of itself. */
const unknown = "unknown";

/** Who a client is, as subscriptions to client metrics match it. */
export function telemetryClient(context: RequestContext): TelemetryClient {
  const { client, connection } = context;
  return {
    connection,
    client_id: context.clientId ?? "",
    client_software_name: connection.software?.name ?? unknown,
    client_software_version: connection.software?.version ?? unknown,
    client_source_address: client.remoteHost,
    client_source_port: String(client.remotePort),
  };
}
