import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import {
  type ApiSchema,
  decodeResponse,
  encodeRequest,
  Metadata,
  Produce,
  type RequestInput,
  type ResponseOf,
} from "@millrace/protocol";

import { startBroker } from "../src/main.ts";
import { batchOf } from "./support/broker-fixture.ts";

/** Sends one request over a connection of its own. */
async function ask<Api extends ApiSchema>(
  port: number,
  api: Api,
  version: number,
  body: RequestInput<Api>,
): Promise<ResponseOf<Api>> {
  const socket = connect(port, "127.0.0.1");
  socket.write(
    Buffer.concat(encodeRequest(api, version, { correlationId: 1, clientId: "t", body })),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of socket) {
    assert.ok(Buffer.isBuffer(chunk));
    chunks.push(chunk);
    const frame = Buffer.concat(chunks);
    if (frame.length >= 4 && frame.length === frame.readInt32BE(0) + 4) {
      socket.destroy();
      return decodeResponse(api, version, frame.subarray(4)).body;
    }
  }
  throw new Error("the broker closed the connection");
}

async function topicNames(port: number): Promise<readonly (string | null)[]> {
  const answer = await ask(port, Metadata, 12, { topics: null });
  return answer.topics.map(({ name }) => name);
}

test("brokers in one process have ports and records of their own", async () => {
  await using first = await startBroker({ topics: { orders: 3 } });
  await using second = await startBroker({ topics: { payments: 1 } });
  assert.notEqual(first.port, second.port);
  assert.equal(first.bootstrap, `127.0.0.1:${first.port}`);
  assert.deepEqual(await topicNames(first.port), ["orders"]);
  assert.deepEqual(await topicNames(second.port), ["payments"]);
});

test("a broker in a folder finds again what the one before it kept there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-main-"));
  try {
    for (let offset = 0; offset < 2; offset += 1) {
      await using broker = await startBroker({ folder, topics: { orders: 1 } });
      const answer = await ask(broker.port, Produce, 9, {
        acks: -1,
        timeoutMs: 10_000,
        topicData: [{ name: "orders", partitionData: [{ index: 0, records: batchOf("a") }] }],
      });
      assert.equal(answer.responses[0]?.partitionResponses[0]?.baseOffset, offset);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a folder in use and a port in use are refused by name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-main-"));
  try {
    await using broker = await startBroker({ folder });
    await assert.rejects(startBroker({ folder }), { code: "LOG_DIRECTORY_UNUSABLE" });
    await assert.rejects(startBroker({ port: broker.port }), { systemCode: "EADDRINUSE" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
