/** KIP-368: a session that ends is renewed on its connection. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "@millrace/client";

import { eachBroker } from "../src/index.ts";

// Brokers refuse a renewal within a second of the one before.
const settings = { broker: "own", properties: ["connections.max.reauth.ms=1500"] } as const;

eachBroker(
  "a session is renewed in time: nothing fails, no connection is lost",
  settings,
  async (broker) => {
    await using client = new Client({
      bootstrap: broker.listeners.SASL_PLAINTEXT,
      sasl: { mechanism: "scram-sha-256", ...broker.scramUser },
    });
    const connectionsMade = (): string | undefined =>
      /connection_creation_total (\d+)/.exec(client.metricsText())?.[1];
    const requestsSent = (): number =>
      Number(/kafka_client_request_total (\d+)/.exec(client.metricsText())?.[1]);
    await client.connect();
    const before = { connections: connectionsMade(), requests: requestsSent() };
    const asked = 20;
    for (let count = 0; count < asked; count += 1) {
      await sleep(200);
      assert.equal((await client.connect()).brokers.length, 1);
    }
    assert.equal(connectionsMade(), before.connections);
    // Each renewal takes a SaslHandshake and two SaslAuthenticate; four seconds have two or more.
    assert.ok(requestsSent() - before.requests >= asked + 6, "the session was renewed");
  },
);
