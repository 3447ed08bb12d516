import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LogarithmicHistogram } from "../src/logarithmic-histogram.ts";

test("a quantile is at most 6.25 % above a value that so many do not exceed", () => {
  const value = fc.double({ min: 0.002, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.constantFrom(0.5, 0.9, 0.999), (all, q) => {
      const histogram = new LogarithmicHistogram();
      for (const one of all) histogram.record(one);
      const truth = all.toSorted((a, b) => a - b)[Math.ceil(q * all.length) - 1] ?? 0;
      const found = histogram.quantile(q);
      assert.ok(found >= truth * 0.999999 && found <= truth * 1.0626, `${found} for ${truth}`);
    }),
    { seed: 11 },
  );
});

test("values outside its range, zero and negative ones count in the outer buckets", () => {
  const histogram = new LogarithmicHistogram();
  for (const value of [-5, 0, 1e-9, 1e300]) histogram.record(value);
  assert.equal(histogram.count(), 4);
  assert.ok(histogram.quantile(0.5) < 0.002);
  assert.ok(histogram.quantile(1) > 2 ** 43);
});

test("an empty one answers 0, merging adds, clearing forgets", () => {
  const left = new LogarithmicHistogram();
  const right = new LogarithmicHistogram();
  assert.equal(left.quantile(0.99), 0);
  left.record(1);
  right.record(100);
  const both = left.mergedWith(right);
  assert.equal(both.count(), 2);
  assert.equal(both.quantile(1), 100);
  both.clear();
  assert.equal(both.quantile(1), 0);
});
