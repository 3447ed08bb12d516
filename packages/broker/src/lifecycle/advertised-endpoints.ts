import type { Endpoint } from "@millrace/metadata";

import type { ListenerConfig, SecurityProtocol } from "../config/index.ts";
import type { BoundListener } from "../server/socket-server.ts";

/** Kafka's numbers of the security protocols. */
const securityProtocolIds: Readonly<Record<SecurityProtocol, number>> = {
  PLAINTEXT: 0,
  SSL: 1,
  SASL_PLAINTEXT: 2,
  SASL_SSL: 3,
};

/**
 * What clients are told of the bound listeners: the advertised name, else the address that was
 * given, else the machine's name; the port that was bound where 0 was given.
 */
export function advertisedEndpoints(
  listeners: readonly ListenerConfig[],
  bound: readonly BoundListener[],
  machineName: string,
): readonly Endpoint[] {
  return listeners.map((listener) => {
    const boundPort = bound.find(({ name }) => name === listener.name)?.port ?? listener.port;
    const { host, port } = listener.advertised;
    return {
      name: listener.name,
      host: host ?? machineName,
      port: port === 0 ? boundPort : port,
      securityProtocol: securityProtocolIds[listener.securityProtocol],
    };
  });
}
