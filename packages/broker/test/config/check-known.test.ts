import assert from "node:assert/strict";
import { test } from "node:test";
import { brokerKeys } from "../../src/config/broker-keys.ts";
import { checkKnown, refusalOf } from "../../src/config/check-known.ts";
import type { ConfigNotice } from "../../src/config/check-known.ts";
import type { ConfigProblem } from "../../src/config/configuration-error.ts";

function findingsOf(name: string, value: string, origin = "server.properties line 1") {
  const problems: ConfigProblem[] = [];
  const notices: ConfigNotice[] = [];
  checkKnown(new Map([[name, { value, origin }]]), { problems, notices });
  return {
    problems: problems.map((problem) => problem.message),
    notices: notices.map((notice) => notice.message),
  };
}

test("a name that nobody knows is a problem, with what was meant", () => {
  assert.deepEqual(findingsOf("log.retention.hour", "1").problems, [
    "log.retention.hour is not a configuration of a broker; did you mean log.retention.hours?",
  ]);
  assert.deepEqual(findingsOf("my.thing", "1").problems, [
    "my.thing is not a configuration of a broker; docs/configuration.md lists them all",
  ]);
});

test("a variable that resembles nothing is somebody else's", () => {
  const origin = "environment KAFKA_MY_PRIVATE_FOLDER";
  assert.deepEqual(findingsOf("my.private.folder", "1", origin), {
    problems: [],
    notices: [
      "my.private.folder is not a configuration of a broker; docs/configuration.md lists them all (ignored)",
    ],
  });
  assert.equal(
    findingsOf("num.partition", "1", "environment KAFKA_NUM_PARTITION").problems.length,
    1,
  );
});

test("what has no effect is a notice with the reason, unless it is the default", () => {
  assert.deepEqual(findingsOf("num.io.threads", "16").notices, [
    "num.io.threads has no effect: one event loop does the work, so there are no threads to count",
  ]);
  assert.deepEqual(findingsOf("num.io.threads", " 8 "), { problems: [], notices: [] });
  assert.deepEqual(findingsOf("ssl.keystore.location", ""), { problems: [], notices: [] });
});

test("what acts is neither", () => {
  assert.deepEqual(findingsOf("num.partitions", "16"), { problems: [], notices: [] });
});

test("a promise that would be broken is refused with what to do", () => {
  const [problem] = findingsOf("authorizer.class.name", "org.example.Mine").problems;
  assert.match(
    problem ?? "",
    /^authorizer\.class\.name=org\.example\.Mine is refused: .*is built in/,
  );
  assert.deepEqual(findingsOf("authorizer.class.name", "").problems, []);
  assert.equal(findingsOf("remote.log.storage.system.enable", "true").problems.length, 1);
  assert.equal(findingsOf("remote.log.storage.system.enable", "false").problems.length, 0);
});

test("an empty value of a refused configuration unsets it", () => {
  assert.equal(refusalOf(brokerKeys["client.quota.callback.class"], " "), undefined);
  assert.notEqual(refusalOf(brokerKeys["client.quota.callback.class"], "a.B"), undefined);
  assert.equal(refusalOf(brokerKeys["num.partitions"], "2"), undefined);
});

test("what Kafka has removed is a notice, and what it replaced a problem", () => {
  assert.deepEqual(findingsOf("inter.broker.protocol.version", "3.9").notices, [
    "inter.broker.protocol.version has no effect: Kafka 4.0 removed it",
  ]);
  assert.match(findingsOf("zookeeper.connect", "zk:2181").problems[0] ?? "", /process\.roles/);
});

test("a listener's own configuration is checked as the one that it stands for", () => {
  const name = "listener.name.internal.ssl.keystore.location";
  assert.deepEqual(findingsOf(name, "/keys"), { problems: [], notices: [] });
  const jaas = "listener.name.internal.scram-sha-256.sasl.jaas.config";
  assert.deepEqual(findingsOf(jaas, "Module required;"), { problems: [], notices: [] });
  assert.deepEqual(findingsOf("plain.sasl.jaas.config", "x"), { problems: [], notices: [] });
  const factory = "listener.name.internal.ssl.engine.factory.class";
  assert.match(findingsOf(factory, "a.B").problems[0] ?? "", /refused: Java classes cannot/);
  assert.deepEqual(findingsOf("listener.name.internal.connections.max.idle.ms", "soon").problems, [
    "listener.name.internal.connections.max.idle.ms is not valid: expected a whole number from -9223372036854775808 to 9223372036854775807",
  ]);
  assert.match(
    findingsOf("listener.name.internal.connections.max.idle.ms", "5").notices[0] ?? "",
    /the same for every listener/,
  );
  assert.deepEqual(findingsOf("listener.name.internal.max.connections", "5"), {
    problems: [],
    notices: [],
  });
});
