import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../../src/config/index.ts";
import { brokerConfigOf, type Settings } from "./given.ts";

function problemOf(settings: Settings): string {
  try {
    brokerConfigOf(settings);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.problems.length, 1, error.message);
    return error.problems[0]?.message ?? "";
  }
  return "";
}

test("a node has both roles", () => {
  assert.match(
    problemOf({ "process.roles": "controller" }),
    /leaves out broker; .*set process\.roles/,
  );
  assert.match(problemOf({ "process.roles": "broker" }), /leaves out controller/);
  assert.equal(problemOf({ "process.roles": "controller,broker" }), "");
});

test("the only voter is this node", () => {
  const key = "controller.quorum.voters";
  assert.equal(problemOf({ [key]: "1@localhost:9093" }), "");
  assert.match(problemOf({ [key]: "1@a:1,2@b:1,3@c:1" }), /names 3 controllers; .*not built/);
  assert.match(
    problemOf({ [key]: "2@a:1" }),
    /names controller 2, but this node is 1 \(node\.id\)/,
  );
  assert.match(problemOf({ [key]: "localhost:9093" }), /expected id@host:port/);
});

test("there is one bootstrap controller at most", () => {
  const key = "controller.quorum.bootstrap.servers";
  assert.equal(problemOf({ [key]: "localhost:9093" }), "");
  assert.equal(problemOf({ [key]: "[::1]:9093" }), "");
  assert.match(problemOf({ [key]: "a:1,b:1" }), /names 2 controllers/);
  assert.match(problemOf({ [key]: "a" }), /expected host:port/);
});

test("node.id and its older name agree", () => {
  assert.match(
    problemOf({ "broker.id": "2", "node.id": "3" }),
    /are the same thing; give node\.id/,
  );
  assert.equal(problemOf({ "broker.id": "3", "node.id": "3" }), "");
});

test("a lower limit is not above the upper one", () => {
  assert.equal(
    problemOf({
      "log.cleaner.min.compaction.lag.ms": "9",
      "log.cleaner.max.compaction.lag.ms": "8",
    }),
    "log.cleaner.min.compaction.lag.ms=9 is larger than log.cleaner.max.compaction.lag.ms=8; expected it to be at most that",
  );
  assert.match(
    problemOf({ "replica.lag.time.max.ms": "100" }),
    /^replica\.fetch\.wait\.max\.ms=500 is larger/,
  );
  assert.match(
    problemOf({ "group.consumer.session.timeout.ms": "1000" }),
    /min\.session\.timeout\.ms/,
  );
});

test("the metadata log lies in one of the log directories", () => {
  assert.equal(
    problemOf({ "log.dirs": "/a,/b", "metadata.log.dir": "/c" }),
    "metadata.log.dir=/c is not in log.dirs; expected one of /a, /b",
  );
  assert.equal(problemOf({ "log.dirs": "/a,/b", "metadata.log.dir": "/b" }), "");
});

test("retention is for ever or at least one unit", () => {
  for (const unit of ["ms", "minutes", "hours"]) {
    const key = `log.retention.${unit}`;
    assert.match(problemOf({ [key]: "0" }), /expected -1 for ever, or at least 1/);
    assert.match(problemOf({ [key]: "-2" }), /expected -1 for ever/);
    assert.equal(problemOf({ [key]: "-1" }), "");
  }
  assert.match(problemOf({ "log.roll.ms": "0" }), /expected at least 1/);
  assert.match(problemOf({ "log.roll.jitter.ms": "-1" }), /expected at least 0/);
});

test("each cleaner needs memory for keys", () => {
  const key = "log.cleaner.dedupe.buffer.size";
  assert.match(problemOf({ [key]: "1048576" }), /each of 1 cleaners needs more than 1 MiB/);
  assert.equal(problemOf({ [key]: "1048577" }), "");
  assert.equal(problemOf({ [key]: "1", "log.cleaner.threads": "0" }), "");
});

test("connection limits leave somebody room", () => {
  assert.match(
    problemOf({ "queued.max.request.bytes": "1000" }),
    /no room for socket\.request\.max/,
  );
  assert.match(problemOf({ "max.connections.per.ip": "0" }), /lets nobody connect; name those/);
  const one = { "max.connections.per.ip": "0", "max.connections.per.ip.overrides": "::1:5" };
  assert.equal(problemOf(one), "");
  assert.match(
    problemOf({ "connections.max.idle.ms": "100" }),
    /is not less than connections\.max/,
  );
  assert.equal(problemOf({ "connections.max.idle.ms": "-1" }), "");
});

test("classic groups cannot be off", () => {
  const key = "group.coordinator.rebalance.protocols";
  assert.match(problemOf({ [key]: "consumer,streams" }), /leaves out classic/);
  assert.equal(problemOf({ [key]: "classic" }), "");
});
