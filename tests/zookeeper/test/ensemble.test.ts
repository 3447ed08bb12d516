import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { lacking } from "@millrace/conformance/harness";
import type { WatchEvent } from "@millrace/zookeeper";
import {
  type Recorder,
  recorder,
  startEnsemble,
  until,
  type ZooKeeperServer,
} from "../src/index.ts";

const skip = await lacking("zookeeper-3.9");

describe("an ensemble of three ZooKeeper 3.9 servers", { skip, concurrency: false }, () => {
  let servers: readonly ZooKeeperServer[];
  let one: Recorder;
  const addresses = (): string => servers.map(({ address }) => address).join(",");
  const leader = async (): Promise<ZooKeeperServer | undefined> => {
    for (const server of servers) if ((await server.role()) === "leader") return server;
    return undefined;
  };
  before(async () => {
    servers = await startEnsemble("3.9", 3);
    await Promise.all(servers.map((server) => server.ready()));
    one = recorder(addresses(), { sessionTimeoutMs: 6000 });
    await one.client.connect(10_000);
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    for (const server of servers) await server[Symbol.asyncDispose]();
  });

  test("sync shows what another session wrote through another server", async () => {
    const { client } = one;
    await client.create("/synced");
    for (const server of servers) {
      await using other = recorder(server.address);
      await other.client.connect(5000);
      const { version } = await client.setData("/synced", Buffer.from(server.address));
      await other.client.sync("/synced");
      assert.equal((await other.client.getData("/synced")).stat.version, version);
    }
  });

  test("the leader killed: the session, its node and its watches live, no write is doubled", async () => {
    const { client } = one;
    const { sessionId } = client;
    await client.create("/counter");
    await client.create("/alive", { mode: "ephemeral" });
    const told: WatchEvent[] = [];
    await client.getData("/alive", (event) => told.push(event));
    const before = await leader();
    assert.ok(before);
    let answered = 0;
    let unknown = 0;
    let isRunning = true;
    const writes = (async (): Promise<void> => {
      while (isRunning) {
        try {
          await client.setData("/counter", Buffer.from("x"));
          answered += 1;
        } catch {
          unknown += 1;
        }
      }
    })();
    await until("some writes are answered", () => answered > 10);
    await before.kill();
    await until(
      "the session is suspended, or goes on",
      () => client.state !== "connected",
      3000,
    ).catch(() => undefined);
    await until("connected", () => client.state === "connected");
    const after = answered;
    await until("writes are answered again", () => answered > after + 10);
    isRunning = false;
    await writes;
    assert.equal(client.sessionId, sessionId);
    const { stat } = await client.getData("/counter");
    assert.ok(stat.version >= answered && stat.version <= answered + unknown);
    assert.equal((await client.exists("/alive"))?.ephemeralOwner, sessionId);
    assert.deepEqual(told, []);
    await client.setData("/alive", Buffer.from("x"));
    assert.deepEqual(told, [{ type: "dataChanged", path: "/alive" }]);
  });
});
