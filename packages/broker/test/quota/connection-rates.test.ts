import assert from "node:assert/strict";
import { test } from "node:test";

import type { ClientQuota } from "@millrace/metadata";

import { ConnectionRates } from "../../src/quota/connection-rates.ts";
import { AlterClientQuotas } from "@millrace/protocol";
import { BrokerFixture } from "../support/broker-fixture.ts";

function ofAddress(entityName: string | null, value: number): ClientQuota {
  return { entity: [{ entityType: "ip", entityName }], key: "connection_creation_rate", value };
}

test("an address may connect as often as its own quota says, or the default", () => {
  const rates = new ConnectionRates({ samples: 11, windowMs: 1000 });
  assert.equal(rates.throttleMs("1.1.1.1", 0), 0);
  rates.update([ofAddress(null, 1), ofAddress("2.2.2.2", 2)]);
  const letIn = (host: string): number => {
    let count = 0;
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if (rates.throttleMs(host, 50) === 0) count += 1;
    }
    return count;
  };
  assert.equal(letIn("1.1.1.1"), 10);
  assert.equal(letIn("2.2.2.2"), 20);
  assert.ok(rates.throttleMs("1.1.1.1", 50) <= 1000);
  assert.equal(rates.throttleMs("1.1.1.1", 30_000), 0);
  rates.update([]);
  assert.equal(letIn("1.1.1.1"), 100);
});

test("a quota of an address of IPv6 counts in whatever form it was written down", () => {
  const rates = new ConnectionRates({ samples: 11, windowMs: 1000 });
  rates.update([ofAddress("2001:DB8:0:0:0:0:0:1", 1)]);
  const throttles = Array.from({ length: 20 }, () => rates.throttleMs("2001:db8::1", 0));
  assert.ok(throttles.some((throttleMs) => throttleMs > 0));
});

test("a connection above the rate is held for a while and closed, and nobody else is", async () => {
  await using fixture = await BrokerFixture.start({ config: { "quota.window.num": "2" } });
  const { network, clock } = fixture.platform;
  const entity = [{ entityType: "ip", entityName: null }];
  const ops = [{ key: "connection_creation_rate", value: 2, remove: false }];
  const entries = [{ entity, ops }];
  await fixture.request(AlterClientQuotas, 1, { entries, validateOnly: false });
  const closedMs: number[] = [];
  for (let client = 0; client < 3; client += 1) {
    const connecting = network.connect({ host: "localhost", port: 9092, timeoutMs: 1000 });
    await clock.advance(10);
    const connection = await connecting;
    connection.onData(() => {});
    connection.onClose(() => closedMs.push(clock.monotonicMs()));
  }
  assert.deepEqual(closedMs, []);
  await clock.advance(2000);
  assert.equal(closedMs.length, 1);
});
