import assert from "node:assert/strict";
import { test } from "node:test";
import { LoggerTree, type LogLine } from "@millrace/platform";
import { SimClock } from "@millrace/platform/sim";

function createTree(): { readonly tree: LoggerTree; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (line: LogLine): void => {
    lines.push(line);
  };
  return { tree: new LoggerTree({ clock: new SimClock(), level: "info", write }), lines };
}

test("lines below the level are dropped, others carry time, level, name and fields", () => {
  const { tree, lines } = createTree();
  tree.root.debug("no");
  tree.root.child("kafka.server.KafkaApis").warn("yes", { topic: "a" });
  assert.deepEqual(lines, [
    {
      timeMs: 1_767_225_600_000,
      level: "warn",
      logger: "kafka.server.KafkaApis",
      message: "yes",
      fields: { topic: "a" },
    },
  ]);
});

test("a level holds for the loggers below it, at once and for those made later", () => {
  const { tree, lines } = createTree();
  const early = tree.root.child("kafka.server.A");
  tree.setLevel("kafka.server", "debug");
  const late = tree.root.child("kafka.server.B");
  const other = tree.root.child("kafka.serverless.C");
  for (const logger of [early, late, other]) logger.debug("x");
  assert.deepEqual(
    lines.map((line) => line.logger),
    ["kafka.server.A", "kafka.server.B"],
  );
  assert.equal(tree.levelOf("kafka.server.A"), "debug");
  tree.setLevel("kafka.server.A", "off");
  early.error("dropped");
  tree.setLevel("kafka.server", undefined);
  late.debug("dropped");
  assert.equal(lines.length, 2);
  tree.setLevel("root", "trace");
  late.trace("seen");
  tree.setLevel("root", undefined);
  late.trace("dropped");
  assert.equal(lines.length, 3);
  assert.deepEqual(tree.names(), [
    "kafka.server.A",
    "kafka.server.B",
    "kafka.serverless.C",
    "root",
  ]);
});

test("one name is one logger", () => {
  const { tree } = createTree();
  assert.equal(tree.root.child("a.b"), tree.root.child("a.b"));
});
