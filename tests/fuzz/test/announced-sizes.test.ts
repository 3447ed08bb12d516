import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startMillrace } from "@millrace/conformance/harness";
import { HostileConnection } from "../src/hostile-connection.ts";
import { residentBytes } from "../src/resident-memory.ts";

const connectionCount = 1000;
const openedAtOnce = 20;
/** All find room: the kernel lets those wait a second that do not. */
const backlog = `socket.listen.backlog.size=${connectionCount}`;
const costBytesMax = 100 * 2 ** 20;
/** The memory of the process is looked at so often while the connections are open. */
const looks = 20;
const lookMs = 50;

/** 2 GiB less one byte, the largest size that a frame can announce, and the begin of a request. */
const announcement = Buffer.concat([Buffer.from("7fffffff", "hex"), Buffer.alloc(1000, 0)]);

for (const [name, properties] of [
  ["as it is", []],
  ["allowed", ["socket.request.max.bytes=2147483647"]],
] as const) {
  test(`1,000 connections that announce 2 GiB each cost less than 100 MiB, the size ${name}`, async (context) => {
    await using broker = await startMillrace({ properties: [backlog, ...properties] });
    const before = residentBytes(broker.pid);
    if (before === undefined) {
      context.skip("only Linux tells what memory a process has");
      return;
    }
    const port = Number(broker.bootstrap.split(":")[1]);
    const connections: HostileConnection[] = [];
    while (connections.length < connectionCount) {
      const opening = Array.from({ length: openedAtOnce }, () => HostileConnection.open(port));
      const opened = await Promise.all(opening);
      for (const connection of opened) connection.send(announcement);
      connections.push(...opened);
    }
    let most = 0;
    for (let look = 0; look < looks; look += 1) {
      most = Math.max(most, residentBytes(broker.pid) ?? Infinity);
      await sleep(lookMs);
    }
    const costMib = Math.round((most - before) / 2 ** 20);
    context.diagnostic(`${connectionCount} connections cost ${costMib} MiB`);
    assert.ok(most - before < costBytesMax, `${costMib} MiB`);
    const isAllowed = properties.length > 0;
    const closedCount = connections.filter(({ isClosed }) => isClosed).length;
    assert.equal(closedCount, isAllowed ? 0 : connectionCount);
    for (const connection of connections) connection.leave("close");
  });
}
