import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column } from "../../src/output/column.ts";
import { type OutputFormat, outputFormats } from "../../src/output/output-format.ts";
import { renderFields, renderRows } from "../../src/output/show.ts";

interface Row {
  readonly topic: string;
  readonly partitions: number;
  readonly note?: string;
  readonly endOffset: bigint;
}

const columns: readonly Column<Row>[] = [
  { heading: "TOPIC", value: ({ topic }) => topic },
  { heading: "PARTITIONS", value: ({ partitions }) => partitions, isNumber: true },
  { heading: "NOTE", value: ({ note }) => note, isWide: true },
];

const rows: readonly Row[] = [
  { topic: "orders", partitions: 12, endOffset: 7n },
  { topic: 'a,"b"', partitions: 3, note: "two\nlines", endOffset: 2n ** 60n },
];

const expected: Readonly<Record<OutputFormat, string>> = {
  table: 'TOPIC   PARTITIONS\norders          12\na,"b"            3\n',
  wide: 'TOPIC   PARTITIONS  NOTE\norders          12  -\na,"b"            3  two\nlines\n',
  csv: 'topic,partitions,note\norders,12,\n"a,""b""",3,"two\nlines"\n',
  name: 'orders\na,"b"\n',
  json: `[
  {
    "topic": "orders",
    "partitions": 12,
    "endOffset": 7
  },
  {
    "topic": "a,\\"b\\"",
    "partitions": 3,
    "note": "two\\nlines",
    "endOffset": "1152921504606846976"
  }
]
`,
  yaml: `- topic: orders
  partitions: 12
  endOffset: 7
- topic: a,"b"
  partitions: 3
  note: |-
    two
    lines
  endOffset: "1152921504606846976"
`,
};

for (const format of outputFormats) {
  test(`rows as ${format}`, async () => {
    assert.equal(await renderRows(rows, { columns, format, hasHeadings: true }), expected[format]);
  });
}

test("without headings tables and CSV begin with the first row", async () => {
  for (const format of ["table", "csv"] as const) {
    const text = await renderRows(rows, { columns, format, hasHeadings: false });
    assert.match(text, /^orders/u);
  }
});

test("one thing is a line for each field, or the whole as JSON", async () => {
  const value = { name: "orders", partitions: 3 };
  const fields = [
    ["Name", "orders"],
    ["Partitions", "3"],
  ] as const;
  assert.equal(await renderFields(value, fields, "table"), "Name        orders\nPartitions  3\n");
  assert.deepEqual(JSON.parse(await renderFields(value, fields, "json")), value);
  assert.equal(await renderFields(value, fields, "yaml"), "name: orders\npartitions: 3\n");
});
