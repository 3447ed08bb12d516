import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type AnomalyName, anomalyMeanings } from "../src/anomalies.ts";
import { checkHistory, describeVerdict, type Verdict } from "../src/check-history.ts";
import type { HistoryEvent, Seen, Send } from "../src/history.ts";
import { seededRandom } from "../src/seeded-random.ts";
import { plants } from "./support/plants.ts";
import { cleanHistory, inputs } from "./support/random-history.ts";

const claims = { copiedPartitions: inputs };

/** Long enough that every anomaly has a place in it. */
const longHistory = cleanHistory(4, 600);

/** Two records, written in one transaction to two partitions, and their readers. */
function twoRecords(given: {
  readonly phase: "ok" | "fail" | "info";
  readonly seen: readonly Seen[];
}): readonly HistoryEvent[] {
  const sends: readonly Send[] = [
    { partition: "a-0", value: "x", offset: 0 },
    { partition: "a-1", value: "y", offset: 0 },
  ];
  const write = { process: "w", operation: "write", sends } as const;
  const reads = ["a-0", "a-1"].flatMap((partition): readonly HistoryEvent[] => {
    const records = given.seen.filter((record) => record.partition === partition);
    const read = { process: "r", operation: "read-all", partition } as const;
    return [
      { phase: "invoke", ...read, records: [] },
      { phase: "ok", ...read, records },
    ];
  });
  return [{ phase: "invoke", ...write }, { phase: given.phase, ...write }, ...reads];
}

const x: Seen = { partition: "a-0", offset: 0, value: "x" };
const y: Seen = { partition: "a-1", offset: 0, value: "y" };

function names(verdict: Verdict): readonly AnomalyName[] {
  return [...verdict.anomalies.keys()].sort();
}

describe("one transaction", () => {
  const cases = [
    { phase: "ok", seen: [x, y], found: [] },
    { phase: "ok", seen: [], found: ["lost-write"] },
    { phase: "ok", seen: [x], found: ["lost-write", "torn-transaction"] },
    { phase: "fail", seen: [], found: [] },
    { phase: "fail", seen: [x, y], found: ["aborted-read"] },
    { phase: "info", seen: [], found: [] },
    { phase: "info", seen: [x, y], found: [] },
    { phase: "info", seen: [y], found: ["torn-transaction"] },
  ] as const;
  for (const { phase, seen, found } of cases) {
    const what = `${phase}, seen ${seen.map(({ value }) => value).join()}`;
    test(`that ended in ${what}: ${found.join(", ") || "no anomaly"}`, () => {
      assert.deepEqual(names(checkHistory(twoRecords({ phase, seen }))), found);
    });
  }

  test("that nobody ended may be there or not, but whole", () => {
    const begun = twoRecords({ phase: "info", seen: [x] }).toSpliced(1, 1);
    assert.deepEqual(names(checkHistory(begun)), []);
    const after = twoRecords({ phase: "info", seen: [x] });
    assert.deepEqual(names(checkHistory(after)), ["torn-transaction"]);
  });

  test("that was read before it ended is not lost", () => {
    const [invoke, end, ...reads] = twoRecords({ phase: "ok", seen: [] });
    assert.ok(invoke && end);
    assert.deepEqual(names(checkHistory([invoke, ...reads, end])), []);
  });
});

describe("each anomaly that is planted is found", () => {
  test("nothing is found before", () => {
    const verdict = checkHistory(longHistory, claims);
    assert.equal(describeVerdict(verdict).split(": ").at(-1), "no anomaly");
    assert.ok(verdict.writeCounts.ok > 50 && verdict.seenCount > 100 && verdict.pollCount > 100);
  });

  for (const name of Object.keys(anomalyMeanings) as AnomalyName[]) {
    test(name, () => {
      const planted = plants[name](longHistory, seededRandom(1));
      assert.ok(planted !== undefined, "no place for it");
      const verdict = checkHistory(planted, claims);
      assert.ok(verdict.anomalies.has(name), describeVerdict(verdict));
      assert.match(describeVerdict(verdict), new RegExp(`\\n {2}\\d+ ${name} \\(.*\\)\\n {4}\\S`));
    });
  }
});

test("no clean history is blamed", () => {
  const seed = fc.integer();
  fc.assert(
    fc.property(seed, (number) => {
      const verdict = checkHistory(cleanHistory(number), claims);
      assert.deepEqual(names(verdict), [], describeVerdict(verdict));
    }),
    { numRuns: 300 },
  );
});

test("whatever is planted wherever is found", () => {
  const name = fc.constantFrom(...(Object.keys(anomalyMeanings) as AnomalyName[]));
  let plantedCount = 0;
  fc.assert(
    fc.property(fc.integer(), name, (seed, wanted) => {
      const planted = plants[wanted](cleanHistory(seed), seededRandom(seed));
      if (planted === undefined) return;
      plantedCount += 1;
      const verdict = checkHistory(planted, claims);
      assert.ok(verdict.anomalies.has(wanted), describeVerdict(verdict));
    }),
    { numRuns: 500 },
  );
  assert.ok(plantedCount > 250, `only ${plantedCount} were planted`);
});

test("a history of 300,000 records is judged in seconds", () => {
  const count = 300_000;
  const history: HistoryEvent[] = [];
  for (let number = 0; number < count; number += 10) {
    const partition = `a-${(number / 10) % 4}`;
    const offset = Math.floor(number / 40) * 10;
    const sends = Array.from({ length: 10 }, (_, index) => {
      return { partition, value: `v${number + index}`, offset: offset + index };
    });
    const write = { process: `w${partition}`, operation: "write", sends } as const;
    history.push({ phase: "invoke", ...write }, { phase: "ok", ...write });
    history.push({ phase: "ok", process: "r", operation: "poll", records: sends });
  }
  const startMs = performance.now();
  assert.deepEqual(names(checkHistory(history)), []);
  const tookMs = performance.now() - startMs;
  // Quadratic time would take minutes.
  assert.ok(tookMs < 20_000, `${Math.round(tookMs)} ms`);
});
