import assert from "node:assert/strict";
import { test } from "node:test";
import type { Random } from "@millrace/platform";

/** What every Random does. */
export function testRandom(name: string, create: () => Random): void {
  test(`${name}: integers stay in their range and reach all of it`, () => {
    const random = create();
    for (const end of [1, 2, 7, 1000]) {
      const seen = new Set<number>();
      for (let draw = 0; draw < end * 30; draw += 1) seen.add(random.nextInt(end));
      assert.ok([...seen].every((value) => Number.isInteger(value) && value >= 0 && value < end));
      assert.equal(seen.size, end);
    }
    for (let draw = 0; draw < 1000; draw += 1) assert.ok(random.nextInt(2 ** 48) < 2 ** 48);
    assert.throws(() => random.nextInt(0));
  });

  test(`${name}: each eighth of the range is met about as often as the others`, () => {
    const random = create();
    const counts = Array.from({ length: 8 }, () => 0);
    for (let draw = 0; draw < 16_000; draw += 1) {
      const index = Math.floor(random.nextFloat() * 8);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    // 2,000 each are expected; 1,700 or 2,300 lie seven standard deviations away.
    assert.ok(
      counts.every((count) => count > 1700 && count < 2300),
      counts.join(" "),
    );
  });

  test(`${name}: bytes are as many as asked and differ`, () => {
    const random = create();
    assert.equal(random.bytes(0).length, 0);
    assert.ok(new Set(random.bytes(1000)).size > 200);
    assert.notDeepEqual(random.bytes(16), random.bytes(16));
  });
}
