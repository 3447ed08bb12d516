import assert from "node:assert/strict";
import { test } from "node:test";
import { SimRandom } from "@millrace/platform/sim";
import { testRandom } from "../contract/random-contract.ts";

testRandom("SimRandom", () => new SimRandom(42));

test("a seed repeats its draws, and other seeds draw otherwise", () => {
  const draw = (seed: number): string => {
    const random = new SimRandom(seed);
    return Array.from({ length: 20 }, () => random.nextInt(1000)).join();
  };
  assert.equal(draw(9), draw(9));
  const seeds = [0, 1, 2, 3, 2 ** 32, 2 ** 32 + 1, 2 ** 47];
  assert.equal(new Set(seeds.map(draw)).size, seeds.length);
});

test("a fork draws on its own", () => {
  const random = new SimRandom(1);
  const fork = random.fork();
  const next = random.nextInt(1e9);
  const again = new SimRandom(1);
  const otherFork = again.fork();
  otherFork.nextInt(5);
  otherFork.nextInt(5);
  assert.equal(again.nextInt(1e9), next);
  assert.notEqual(fork.nextInt(1e9), next);
});
