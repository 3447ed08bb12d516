import assert from "node:assert/strict";
import { test } from "node:test";
import { recordWriter } from "../../src/records/record-writer.ts";
import { readRecords } from "../../src/records/read-records.ts";
import type { ShownRecord } from "../../src/records/shown-record.ts";

const record: ShownRecord = {
  topic: "orders",
  partition: 3,
  offset: 7n,
  timestamp: 1000,
  timestampType: "create_time",
  key: Buffer.from("k"),
  value: Buffer.from('a,"b"'),
  headers: [["h", Buffer.from("1")]],
};

const delimiter = Buffer.from("\n");

test("values with or without their keys", () => {
  const values = recordWriter({ kind: "value", hasKey: false, delimiter });
  assert.equal(values.write(record).toString(), 'a,"b"\n');
  assert.equal(values.write({ ...record, value: null }).toString(), "\n");
  const keys = recordWriter({ kind: "value", hasKey: true, delimiter });
  assert.equal(keys.write(record).toString(), 'k\ta,"b"\n');
});

for (const kind of ["json", "csv"] as const) {
  test(`what is written as ${kind} is read as it was, bytes that are no text too`, async () => {
    const writer = recordWriter(kind === "json" ? { kind, isValueJson: false } : { kind });
    const binary = { ...record, value: Buffer.from([0xff, 0x00]) };
    const alike = { ...record, value: Buffer.from('{"base64":"/wA="}') };
    const records = kind === "csv" ? [record, binary, alike] : [record, binary];
    const written = [writer.head ?? Buffer.alloc(0), ...records.map((one) => writer.write(one))];
    const found: unknown[] = [];
    for await (const { key, value, headers } of readRecords(inputOf(written), { kind })) {
      found.push({ key, value, headers });
    }
    assert.deepEqual(
      found,
      records.map(({ key, value, headers }) => ({ key, value, headers: [...headers] })),
    );
  });
}

// oxlint-disable-next-line require-await -- an input that has everything at once
async function* inputOf(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
