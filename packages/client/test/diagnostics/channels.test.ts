import assert from "node:assert/strict";
import { tracingChannel } from "node:diagnostics_channel";
import { test } from "node:test";
import { Metadata } from "@millrace/protocol";
import { ScriptedCluster } from "../support/scripted-cluster.ts";

test("a subscriber of the tracing channel sees each request begin and end", async () => {
  const world = await new ScriptedCluster().start();
  const cluster = world.connect();
  const seen: string[] = [];
  const note =
    (what: string) =>
    (trace: unknown): void => {
      assert.ok(typeof trace === "object" && trace !== null && "api" in trace);
      seen.push(`${what} ${String(trace.api)}`);
    };
  const subscribers = {
    start: note("start"),
    end: note("end"),
    asyncStart: note("asyncStart"),
    asyncEnd: note("asyncEnd"),
    error: note("error"),
  };
  const channel = tracingChannel("millrace:client:request");
  channel.subscribe(subscribers);
  await world.settle(cluster.sendToAny(Metadata, { topics: null }));
  channel.unsubscribe(subscribers);
  await world.settle(cluster.sendToAny(Metadata, { topics: null }));
  const name = "Metadata";
  assert.deepEqual(seen, [
    `start ${name}`,
    `end ${name}`,
    `asyncStart ${name}`,
    `asyncEnd ${name}`,
  ]);
  await cluster.close();
});
