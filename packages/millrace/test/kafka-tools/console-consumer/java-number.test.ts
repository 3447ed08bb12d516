import assert from "node:assert/strict";
import { test } from "node:test";
import { javaDouble, javaFloat } from "../../../src/kafka-tools/console-consumer/java-number.ts";

test("doubles are written as Java writes them", () => {
  const expected: readonly (readonly [number, string])[] = [
    [1, "1.0"],
    [1e7, "1.0E7"],
    [1.5e-4, "1.5E-4"],
    [123456.789, "123456.789"],
    [0.001, "0.001"],
    [Number.NaN, "NaN"],
    [-0, "-0.0"],
  ];
  for (const [value, text] of expected) assert.equal(javaDouble(value), text);
});

test("floats have as many digits as they need", () => {
  assert.equal(javaFloat(Math.fround(Math.PI)), "3.1415927");
  assert.equal(javaFloat(Math.fround(0.1)), "0.1");
});
