import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { lacking, type ZooKeeperRelease } from "@millrace/conformance/harness";
import {
  creatorAcl,
  openAcl,
  type WatchEvent,
  worldReadable,
  type ZooKeeperClient,
} from "@millrace/zookeeper";
import { type Recorder, recorder, startServer, until, type ZooKeeperServer } from "../src/index.ts";

for (const release of ["3.9", "3.8"] as const satisfies readonly ZooKeeperRelease[]) {
  const skip = await lacking(`zookeeper-${release}`);
  // All servers start at once, before the first test waits for one.
  const starting = skip === false ? startServer({ release }) : undefined;
  describe(`one ZooKeeper ${release} server`, { skip, concurrency: false }, () => {
    let server: ZooKeeperServer;
    let one: Recorder;
    let client: ZooKeeperClient;
    before(async () => {
      assert.ok(starting);
      server = await starting;
      await server.ready();
      one = recorder(server.address);
      ({ client } = one);
      await client.connect(10_000);
    });
    after(async () => {
      await one[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });
    const newNode = async (): Promise<string> =>
      (await client.create("/node-", { mode: "persistentSequential" })).path;

    test("nodes of every mode are created, and live as they should", async () => {
      const path = await newNode();
      assert.match(path, /^\/node-\d{10}$/);
      const ephemeral = await client.create(`${path}/ephemeral`, { mode: "ephemeral" });
      assert.equal(ephemeral.stat.ephemeralOwner, client.sessionId);
      const numbered = { mode: "ephemeralSequential" } as const;
      const first = await client.create(`${path}/n-`, numbered);
      const second = await client.create(`${path}/n-`, numbered);
      assert.ok(first.path < second.path);
      await client.create(`${path}/container`, { mode: "container" });
      const living = { mode: "ttl", ttlMs: 60_000, data: Buffer.from("t") } as const;
      assert.equal((await client.create(`${path}/ttl`, living)).stat.dataSizeBytes, 1);
      assert.equal((await client.getChildren(path)).children.length, 5);
    });

    test("data is read as it was written, and versions guard it", async () => {
      const path = await newNode();
      const data = Buffer.from([0, 1, 2, 255]);
      const stat = await client.setData(path, data, 0);
      assert.equal(stat.version, 1);
      const read = await client.getData(path);
      assert.deepEqual(read.data, data);
      assert.deepEqual(read.stat, stat);
      await assert.rejects(client.setData(path, data, 0), {
        code: "ZOOKEEPER_REFUSED",
        reason: "BAD_VERSION",
        path,
      });
      await assert.rejects(client.create(path), { reason: "NODE_EXISTS" });
      await assert.rejects(client.delete(path, 7), { reason: "BAD_VERSION" });
      await client.delete(path, 1);
      assert.equal(await client.exists(path), undefined);
      await assert.rejects(client.getData(path), { reason: "NO_NODE" });
      await assert.rejects(client.create("no-slash"), { reason: "BAD_ARGUMENTS" });
    });

    test("a multi is done whole, or not at all and says at which step", async () => {
      const path = await newNode();
      const done = await client.multi([
        { kind: "check", path, version: 0 },
        { kind: "create", path: `${path}/a`, data: Buffer.from("a") },
        { kind: "create", path: `${path}/c`, mode: "container" },
        { kind: "setData", path, data: Buffer.from("b") },
        { kind: "delete", path: `${path}/a` },
      ]);
      assert.ok(done.isApplied);
      const kinds = done.results.map(({ kind }) => kind);
      assert.deepEqual(kinds, ["check", "create", "create", "setData", "delete"]);
      const refused = await client.multi([
        { kind: "create", path: `${path}/x` },
        { kind: "check", path, version: 0 },
        { kind: "delete", path },
      ]);
      const expected = { isApplied: false, failedIndex: 1, reason: "BAD_VERSION", errorCode: -103 };
      assert.deepEqual(refused, expected);
      assert.equal(await client.exists(`${path}/x`), undefined);
      assert.equal((await client.getData(path)).stat.mzxid, done.zxid);
    });

    test("one-shot watches tell of one change, persistent ones of all", async () => {
      const path = await newNode();
      const told: string[] = [];
      const tell =
        (name: string) =>
        (event: WatchEvent): number =>
          told.push(`${name} ${event.type} ${event.path.slice(path.length)}`);
      await client.getData(path, tell("data"));
      await client.exists(`${path}/a`, tell("exists"));
      await client.getChildren(path, tell("children"));
      const persistent = await client.addWatch(path, "persistent", tell("persistent"));
      // Before 3.9 servers keep one mode for a session and a path (ZOOKEEPER-4466).
      const top = release === "3.8" ? "/" : path;
      const recursive = await client.addWatch(top, "persistentRecursive", tell("recursive"));
      await client.create(`${path}/a`);
      await client.setData(`${path}/a`, Buffer.from("1"));
      await client.setData(path, Buffer.from("1"));
      await client.setData(path, Buffer.from("2"));
      persistent.stop();
      recursive.stop();
      await client.delete(`${path}/a`);
      await client.sync(path);
      assert.deepEqual(told.sort(), [
        "children childrenChanged ",
        "data dataChanged ",
        "exists created /a",
        "persistent childrenChanged ",
        "persistent dataChanged ",
        "persistent dataChanged ",
        "recursive created /a",
        "recursive dataChanged ",
        "recursive dataChanged ",
        "recursive dataChanged /a",
      ]);
    });

    test("only the users of an access control list may", async () => {
      await using user = recorder(server.address, { digests: [{ username: "u", password: "p" }] });
      await user.client.connect(5000);
      const { path } = await user.client.create("/guarded", {
        acl: [...creatorAcl, ...worldReadable],
      });
      const { acl, stat } = await client.getAcl(path);
      assert.equal(acl[0]?.scheme, "digest");
      await assert.rejects(client.setData(path, Buffer.alloc(1)), { reason: "NO_AUTH" });
      client.addDigest("u", "p");
      await client.setData(path, Buffer.alloc(1));
      assert.equal((await client.setAcl(path, openAcl, stat.aclVersion)).aclVersion, 1);
    });

    test("below a chroot paths are the caller's", async () => {
      const root = await newNode();
      await using inside = recorder(`${server.address}${root}`);
      await inside.client.connect(5000);
      const told: WatchEvent[] = [];
      await inside.client.exists("/a", (event) => told.push(event));
      assert.equal((await inside.client.create("/a")).path, "/a");
      assert.ok(await client.exists(`${root}/a`));
      assert.deepEqual(told, [{ type: "created", path: "/a" }]);
      const outcome = await inside.client.multi([{ kind: "create", path: "/b" }]);
      assert.ok(outcome.isApplied && outcome.results[0]?.kind === "create");
      assert.equal(outcome.results[0].path, "/b");
      assert.deepEqual((await inside.client.getChildren("/")).children.toSorted(), ["a", "b"]);
    });

    test("a close ends the session: its ephemeral nodes go at once", async () => {
      const path = await newNode();
      await using other = recorder(server.address);
      await other.client.connect(5000);
      await other.client.create(`${path}/e`, { mode: "ephemeral" });
      await other.client.close();
      assert.equal(await client.exists(`${path}/e`), undefined);
      assert.deepEqual(
        other.events.map(({ kind }) => kind),
        ["connected", "closed"],
      );
    });

    test("a thousand requests at once are answered in their order", async () => {
      const path = await newNode();
      const writes = Array.from({ length: 1000 }, () => client.setData(path, Buffer.from("x")));
      const versions = (await Promise.all(writes)).map(({ version }) => version);
      assert.deepEqual(
        versions,
        Array.from({ length: 1000 }, (_, index) => index + 1),
      );
    });

    test("the session, its nodes and its watches outlive a server that is killed", async () => {
      const path = await newNode();
      const { sessionId } = client;
      await client.create(`${path}/e`, { mode: "ephemeral" });
      const told: WatchEvent[] = [];
      await client.getData(path, (event) => told.push(event));
      await client.addWatch(path, "persistent", (event) => told.push(event));
      await server.kill();
      await until("suspended", () => client.state === "suspended");
      const write = client.setData(path, Buffer.from("after"));
      write.catch(() => undefined);
      server.start();
      await write;
      assert.equal(client.sessionId, sessionId);
      assert.equal((await client.exists(`${path}/e`))?.ephemeralOwner, sessionId);
      assert.deepEqual(told, [
        { type: "restored", path },
        { type: "dataChanged", path },
        { type: "dataChanged", path },
      ]);
    });

    test("a server that hangs is seen by our clock, and what was sent is unknown", async () => {
      await using other = recorder(server.address, { sessionTimeoutMs: 600 });
      await other.client.connect(5000);
      await server.pause();
      try {
        const sent = other.client.setData("/", Buffer.from("x"));
        await assert.rejects(sent, { code: "ZOOKEEPER_CONNECTION_LOSS", outcome: "unknown" });
        await until("expired", () => other.client.state === "expired");
        assert.deepEqual(other.events.at(-1), { kind: "expired", by: "clock" });
      } finally {
        server.resume();
      }
    });
  });
}
