import assert from "node:assert/strict";
import { test } from "node:test";

import { FetchedRecords, FetchFailure } from "../../src/consumer/fetched-records.ts";
import { deserializerOr } from "../../src/consumer/record-reader.ts";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { ScriptedLog } from "./support/scripted-logs.ts";

function records(
  log: ScriptedLog,
  options: {
    readonly fetchOffset?: number;
    readonly isCommitted?: boolean;
    readonly bytes?: Buffer;
  } = {},
): FetchedRecords<Buffer | null, Buffer | null> {
  return new FetchedRecords({
    topic: "orders",
    partition: 0,
    bytes: options.bytes ?? log.read(0, 1e9),
    fetchOffset: options.fetchOffset ?? 0,
    abortedTransactions: options.isCommitted === true ? log.aborted : undefined,
    checkCrcs: true,
    decompressedBytesMax: 1_000_000,
    deserializers: {
      key: deserializerOr<Buffer | null>(undefined),
      value: deserializerOr<Buffer | null>(undefined),
    },
  });
}

function texts(fetched: FetchedRecords<Buffer | null, Buffer | null>): string[] {
  const found: string[] = [];
  for (let one = fetched.next(); one !== undefined; one = fetched.next())
    found.push(String(one.value));
  return found;
}

test("records before the offset that was asked for are passed over", () => {
  const log = new ScriptedLog().append(["a", "b", "c"], { compression: "lz4" }).append(["d"]);
  const fetched = records(log, { fetchOffset: 2 });
  assert.equal(fetched.endOffset, 4);
  assert.deepEqual(texts(fetched), ["c", "d"]);
});

test("aborted transactions and markers are left out, and other producers' records are not", () => {
  const log = new ScriptedLog()
    .append(["a"], { producerId: 1n })
    .append(["b"], { producerId: 2n })
    .append(["plain"])
    .mark("ABORT", 1n)
    .append(["c"], { producerId: 1n })
    .mark("COMMIT", 2n)
    .mark("COMMIT", 1n);
  log.aborted = [{ producerId: 1n, firstOffset: 0 }];
  const committed = records(log, { isCommitted: true });
  assert.deepEqual(texts(committed), ["b", "plain", "c"]);
  assert.equal(committed.endOffset, 7);
  assert.deepEqual(texts(records(log)), ["a", "b", "plain", "c"]);
});

test("a damaged batch is told again and again, and nothing behind it is given", () => {
  const log = new ScriptedLog().append(["a"]).append(["b"]).append(["c"]);
  const bytes = Buffer.from(log.read(0, 1e9));
  const at = bytes.indexOf("b");
  bytes[at] = 120;
  const fetched = records(log, { bytes });
  assert.equal(String(fetched.next()?.value), "a");
  for (let count = 0; count < 2; count += 1) {
    assert.throws(
      () => fetched.next(),
      (error) =>
        error instanceof KafkaError && error.code === "CORRUPT_MESSAGE" && !error.retriable,
    );
  }
});

test("a part of a batch at the end is not there", () => {
  const log = new ScriptedLog().append(["a"]).append(["b"]);
  const bytes = log.read(0, 1e9);
  const fetched = records(log, { bytes: bytes.subarray(0, bytes.length - 1) });
  assert.equal(fetched.endOffset, 1);
  assert.deepEqual(texts(fetched), ["a"]);
  assert.equal(fetched.isDamaged, false);
});

test("a record that is put back comes again", () => {
  const fetched = records(new ScriptedLog().append(["a", "b"]));
  const first = fetched.next();
  assert.ok(first !== undefined);
  fetched.unread(first);
  assert.equal(fetched.next(), first);
  assert.deepEqual(texts(fetched), ["b"]);
});

test("a failure is thrown once", () => {
  const failure = new FetchFailure(new KafkaError("TOPIC_AUTHORIZATION_FAILED", "no"), 3);
  assert.throws(() => failure.next(), KafkaError);
  assert.equal(failure.next(), undefined);
});
