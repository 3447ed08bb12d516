import assert from "node:assert/strict";
import { test } from "node:test";

import { judge, markdownTable, type RowResult } from "../src/report.ts";
import type { Sample } from "../src/rows.ts";

function sample(recordsPerSecond: number, clientCpuSeconds = 1): Sample {
  const metrics = { "records/s": recordsPerSecond };
  return { metrics, brokerCpuSeconds: 5, clientCpuSeconds, seconds: 10 };
}

function resultOf(ratios: readonly number[], clientCpuSeconds?: number): RowResult {
  return {
    row: {
      name: "row",
      title: "some work",
      targets: [{ metric: "records/s", better: "higher", must: 1, aim: 2 }],
      measure: () => Promise.reject(new Error("not measured here")),
    },
    pairs: ratios.map((ratio) => ({
      millrace: sample(100 * ratio, clientCpuSeconds),
      kafka: sample(100),
    })),
  };
}

test("a target is judged by the median of the ratios", () => {
  const verdicts = [[2.5, 0.1, 2.1], [1.1], [0.9]].map(
    (ratios) => judge(resultOf(ratios))[0]?.verdict,
  );
  assert.deepEqual(verdicts, ["aim", "must", "missed"]);
});

test("the table says which side was the limit", () => {
  assert.match(markdownTable([resultOf([1])]), /\| neither \(client 0\.10, broker 0\.50\) \|$/);
  assert.match(markdownTable([resultOf([1], 9.8)]), /\| client \(0\.98 of its core\) \|$/);
});
