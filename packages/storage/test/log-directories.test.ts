import assert from "node:assert/strict";
import { test } from "node:test";
import type { Offload } from "@millrace/platform";
import { simPlatform, type SimPlatform } from "@millrace/platform/sim";
import {
  createLogEnvironment,
  LogDirectories,
  LogDirectoryError,
  type LogDirectory,
  type PartitionLog,
} from "../src/index.ts";
import { batchOf, configWith, settle, simEnvironment } from "./support.ts";

const topicId = "AAAAAAAAAAAAAAAAAAAAAQ";
const config = configWith({ producerIdExpirationMs: Number.MAX_SAFE_INTEGER });

class Node {
  readonly platform: SimPlatform;
  readonly failed: LogDirectory[] = [];
  logs: LogDirectories;

  constructor(...paths: string[]) {
    this.platform = simPlatform({ seed: 1, logLevel: "error" });
    this.logs = this.open(paths);
    for (const [at, directory] of this.logs.directories.entries()) {
      directory.format({ clusterId: "c", nodeId: 1, directoryId: `directory-${at}` });
    }
  }

  open(paths: string[]): LogDirectories {
    return LogDirectories.open(simEnvironment(this.platform), {
      paths,
      onFailure: (directory) => this.failed.push(directory),
    });
  }

  create(topic: string, partition = 0, directoryId?: string): PartitionLog {
    const options = directoryId === undefined ? {} : { directoryId };
    return this.logs.create({ topic, partition, topicId, config, ...options });
  }

  append(log: PartitionLog, ...values: string[]): string {
    const outcome = log.append(batchOf(values), { origin: "client", leaderEpoch: 0 });
    return outcome.kind === "refused" ? outcome.error : outcome.kind;
  }

  async close(): Promise<void> {
    await settle(this.platform, this.logs.close({ brokerEpoch: 42 }));
  }

  /** Starts again on the same folders. */
  async restart(isStray?: (log: { topic: string }) => boolean) {
    const paths = this.logs.directories.map(({ path }) => path);
    this.logs = this.open(paths);
    const options = { configOf: () => config, ...(isStray === undefined ? {} : { isStray }) };
    return settle(this.platform, this.logs.load(options));
  }

  names(path: string): string[] {
    return this.platform.fileSystem.readDirectory(path).map(({ name }) => name);
  }
}

test("what a clean stop left comes back without a look at the logs", async () => {
  const node = new Node("/a");
  const log = node.create("orders");
  node.append(log, "a", "b", "c");
  log.advanceHighWatermark(2);
  log.truncatePrefix(1);
  await node.close();
  assert.ok(node.names("/a").includes(".kafka_cleanshutdown"));
  const report = await node.restart();
  assert.deepEqual(report, { loadedCount: 1, recoveredCount: 0, failures: [] });
  const again = node.logs.log({ topic: "orders", partition: 0 });
  assert.equal(again?.logEndOffset, 3);
  assert.equal(again?.logStartOffset, 1);
  assert.equal(again?.highWatermark, 2);
  assert.equal(node.logs.directories[0]?.cleanShutdownBrokerEpoch, 42);
  assert.ok(!node.names("/a").includes(".kafka_cleanshutdown"), "it is in use again");
});

test("after a crash the logs are checked", async () => {
  const node = new Node("/a");
  node.append(node.create("orders"), "a", "b");
  node.platform.restart("kill");
  const report = await node.restart();
  assert.equal(report.recoveredCount, 1);
  assert.equal(node.logs.directories[0]?.cleanShutdownBrokerEpoch, undefined);
  assert.equal(node.logs.log({ topic: "orders", partition: 0 })?.logEndOffset, 2);
});

/** Counts the tasks that are under way at the same time. */
function countingOffload(inner: Offload) {
  const counts = { running: 0, most: 0 };
  const offload: Offload = {
    run: (task, input) => {
      counts.running += 1;
      counts.most = Math.max(counts.most, counts.running);
      return inner.run(task, input).finally(() => {
        counts.running -= 1;
      });
    },
    close: () => inner.close(),
  };
  return { offload, counts };
}

test("num.recovery.threads.per.data.dir logs of each directory are recovered at once", async () => {
  for (const recoveriesPerDirectory of [1, 3]) {
    const node = new Node("/a", "/b");
    for (let partition = 0; partition < 10; partition += 1) {
      node.append(node.create("orders", partition), "a", "b");
    }
    node.platform.restart("kill");
    const { offload, counts } = countingOffload(node.platform.offload);
    const { clock, fileSystem, logger, random } = node.platform;
    const environment = createLogEnvironment(
      { clock, fileSystem, logger, random, offload },
      { inlineScanBytesMax: 0 },
    );
    const logs = LogDirectories.open(environment, { paths: ["/a", "/b"] });
    const loading = logs.load({ configOf: () => config, recoveriesPerDirectory });
    const report = await settle(node.platform, loading);
    assert.equal(report.recoveredCount, 10);
    assert.equal(counts.most, 2 * recoveriesPerDirectory);
  }
});

test("a second process on the same folder is refused", () => {
  const node = new Node("/a");
  assert.throws(() => node.open(["/a"]), LogDirectoryError);
});

test("a new log goes where the fewest are, or where it is told to", () => {
  const node = new Node("/a", "/b");
  for (let partition = 0; partition < 6; partition += 1) node.create("orders", partition);
  assert.deepEqual(
    node.logs.directories.map(({ logs }) => logs.size),
    [3, 3],
  );
  const log = node.create("elsewhere", 0, "directory-1");
  assert.equal(node.logs.directoryOf(log).path, "/b");
  assert.equal(node.create("elsewhere", 0), log, "it is there already");
});

test("one failing disk: its logs refuse, the others serve, new ones go elsewhere", () => {
  const node = new Node("/a", "/b");
  const bad = node.create("bad", 0, "directory-0");
  const good = node.create("good", 0, "directory-1");
  const { faults } = node.platform.fileSystem.disk;
  const matches = (path: string): boolean => path.startsWith("/a/");
  faults.add({ operations: ["write", "sync", "create"], matches, systemCode: "EIO" });
  assert.equal(node.append(bad, "x"), "KAFKA_STORAGE_ERROR");
  assert.equal(node.append(good, "x"), "appended");
  assert.deepEqual(
    node.failed.map(({ path }) => path),
    ["/a"],
  );
  assert.equal(node.logs.directoryOf(node.create("next")).path, "/b");
  assert.throws(() => node.create("there", 0, "directory-0"), LogDirectoryError);
});

test("no clean-shutdown file for a directory that could not be flushed", async () => {
  const node = new Node("/a", "/b");
  node.append(node.create("bad", 0, "directory-0"), "x");
  node.append(node.create("good", 0, "directory-1"), "x");
  const matches = (path: string): boolean => path.startsWith("/a/");
  node.platform.fileSystem.disk.faults.add({ operations: ["sync"], matches, systemCode: "EIO" });
  await node.close();
  assert.ok(!node.names("/a").includes(".kafka_cleanshutdown"));
  assert.ok(node.names("/b").includes(".kafka_cleanshutdown"));
});

test("a deleted log is out of the way at once and removed after its delay", async () => {
  const node = new Node("/a");
  node.append(node.create("orders"), "old");
  node.logs.delete({ topic: "orders", partition: 0 });
  assert.equal(node.logs.log({ topic: "orders", partition: 0 }), undefined);
  assert.match(node.names("/a").find((name) => name.startsWith("orders")) ?? "", /-delete$/u);
  const fresh = node.create("orders");
  assert.equal(fresh.logEndOffset, 0);
  await node.platform.clock.advance(config.fileDeleteDelayMs + 100);
  assert.deepEqual(
    node.names("/a").filter((name) => name.startsWith("orders")),
    ["orders-0"],
  );
});

test("a deletion that a stop interrupted is finished after the next start", async () => {
  const node = new Node("/a");
  node.append(node.create("orders"), "old");
  node.logs.delete({ topic: "orders", partition: 0 });
  await node.close();
  assert.equal((await node.restart()).loadedCount, 0);
  await node.platform.clock.advance(config.fileDeleteDelayMs + 100);
  assert.equal(
    node.names("/a").some((name) => name.startsWith("orders")),
    false,
  );
});

test("a directory of no replica of this node is set aside as stray", async () => {
  const node = new Node("/a");
  node.create("mine");
  node.create("stranger");
  await node.close();
  const report = await node.restart(({ topic }) => topic === "stranger");
  assert.equal(report.loadedCount, 1);
  const stray = node.names("/a").find((name) => name.startsWith("stranger"));
  assert.match(stray ?? "", /^stranger-0\.[0-9a-f]{32}-stray$/u);
});

test("a copy in another directory takes the log's place", async () => {
  const node = new Node("/a", "/b");
  const name = { topic: "orders", partition: 0 };
  const log = node.create("orders", 0, "directory-0");
  node.append(log, "a", "b");
  const future = node.logs.createFuture({ ...name, topicId, config, directoryId: "directory-1" });
  const read = await log.read({ offset: 0, maxBytes: 1e6, minOneBatch: true, isolation: "end" });
  assert.ok(read.kind === "read");
  future.append(Buffer.concat(read.chunks), { origin: "replication", leaderEpoch: 0 });
  assert.equal(node.logs.futureLog(name), future);
  assert.equal(node.logs.replaceByFuture(name), future);
  assert.equal(node.logs.log(name), future);
  assert.equal(future.isFuture, false);
  assert.equal(future.path, "/b/orders-0");
  assert.equal(node.append(future, "c"), "appended");
  await node.close();
  await node.restart();
  const again = node.logs.log(name);
  assert.equal(again?.path, "/b/orders-0");
  assert.equal(again?.logEndOffset, 3);
});

test("of a log in two directories the longer one serves", async () => {
  const node = new Node("/a", "/b");
  node.append(node.create("orders", 0, "directory-0"), "a");
  await node.close();
  const other = new Node("/x");
  assert.ok(other);
  node.logs = node.open(["/b"]);
  node.append(node.create("orders"), "a", "b");
  await node.close();
  node.logs = node.open(["/a", "/b"]);
  await settle(node.platform, node.logs.load({ configOf: () => config }));
  assert.equal(node.logs.log({ topic: "orders", partition: 0 })?.path, "/b/orders-0");
  assert.match(node.names("/a").find((name) => name.startsWith("orders")) ?? "", /-stray$/u);
});

test("a damaged log is reported, and the others are loaded", async () => {
  const node = new Node("/a");
  node.append(node.create("good"), "a");
  node.append(node.create("damaged"), "a");
  await node.close();
  const file = node.platform.fileSystem.open("/a/damaged-0/partition.metadata", "readWrite");
  file.writeSync([Buffer.from("nonsense")], 0);
  const report = await node.restart();
  assert.equal(report.loadedCount, 1);
  assert.deepEqual(
    report.failures.map(({ path }) => path),
    ["/a/damaged-0"],
  );
  assert.equal(node.logs.directories[0]?.isOffline, false);
});

test("the metadata log is nobody's here", async () => {
  const node = new Node("/a");
  node.platform.fileSystem.makeDirectory("/a/__cluster_metadata-0");
  await node.close();
  assert.equal((await node.restart()).loadedCount, 0);
});
