import assert from "node:assert/strict";
import { test } from "node:test";

import type { ListenerConfig } from "../../src/config/index.ts";
import { advertisedEndpoints } from "../../src/lifecycle/advertised-endpoints.ts";

function listener(
  name: string,
  advertised: ListenerConfig["advertised"],
  port: number,
  securityProtocol: ListenerConfig["securityProtocol"] = "PLAINTEXT",
): ListenerConfig {
  return {
    name,
    securityProtocol,
    tls: undefined,
    sasl: undefined,
    host: undefined,
    port,
    advertised,
    maxConnections: 1,
    maxConnectionCreationRate: 1,
  };
}

test("clients are told the advertised name, else the machine's, and the bound port", () => {
  const listeners = [
    listener("PLAINTEXT", { host: undefined, port: 0 }, 0),
    listener("OUTSIDE", { host: "kafka.example", port: 443 }, 9093, "SASL_SSL"),
  ];
  const bound = [
    { name: "PLAINTEXT", host: "::", port: 41_234 },
    { name: "OUTSIDE", host: "::", port: 9093 },
  ];
  const told = advertisedEndpoints(listeners, bound, "machine");
  assert.deepEqual(
    told.map(
      ({ name, host, port, securityProtocol }) => `${name} ${host}:${port} ${securityProtocol}`,
    ),
    ["PLAINTEXT machine:41234 0", "OUTSIDE kafka.example:443 3"],
  );
});
