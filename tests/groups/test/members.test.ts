import assert from "node:assert/strict";
import { test } from "node:test";
import { verifiableEvent } from "../src/members.ts";

test("what VerifiableConsumer says about partitions is understood, and nothing else", () => {
  const held = new Set<number>();
  const options = { group: "g", name: "java" };
  const read = (line: string) => verifiableEvent(line, options, held);
  const partitions =
    '"partitions":[{"topic":"chaos","partition":3},{"topic":"chaos","partition":14}]';
  const given = read(`{"timestamp":1700,"name":"partitions_assigned",${partitions}}`);
  assert.deepEqual(given, {
    atMs: 1700,
    group: "g",
    member: "java",
    kind: "assigned",
    partitions: [3, 14],
    held: [3, 14],
    generation: 0,
  });
  const taken = read(
    '{"timestamp":1800,"name":"partitions_revoked","partitions":[{"topic":"chaos","partition":3}]}',
  );
  assert.ok(taken?.kind === "revoked");
  assert.deepEqual(taken.held, [14]);
  assert.equal(read('{"timestamp":1900,"name":"records_consumed","count":4}'), undefined);
  assert.equal(read("log4j:WARN"), undefined);
});
