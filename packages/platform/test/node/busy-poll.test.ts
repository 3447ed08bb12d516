import assert from "node:assert/strict";
import { test } from "node:test";
import { BusyPoll } from "../../src/node/busy-poll.ts";

/** A loop whose clock stands still until it is told; each look takes 10 µs. */
interface Loop {
  readonly poll: BusyPoll;
  /** Lets the loop look until it would sleep; how often it looked. */
  readonly run: () => number;
  nowMs: number;
  mustYield: boolean;
}

function createLoop(): Loop {
  const actions: (() => void)[] = [];
  const loop: Loop = {
    nowMs: 0,
    mustYield: false,
    poll: new BusyPoll({
      monotonicMs: () => loop.nowMs,
      afterPoll: (action) => void actions.push(action),
      mustYield: () => loop.mustYield,
    }),
    run: (): number => {
      let count = 0;
      for (let action = actions.shift(); action !== undefined; action = actions.shift()) {
        count += 1;
        loop.nowMs += 0.01;
        action();
      }
      return count;
    },
  };
  return loop;
}

test("the loop looks again for 100 µs once small requests follow each other closely", () => {
  const loop = createLoop();
  loop.poll.noteInput(100);
  assert.equal(loop.run(), 0, "a first request says nothing yet");
  loop.nowMs += 0.1;
  loop.poll.noteInput(100);
  const count = loop.run();
  assert.ok(count >= 9 && count <= 11, `it looked ${count} times`);
});

test("a pause, a stream and threads that need the core let it sleep", () => {
  const loop = createLoop();
  loop.poll.noteInput(100);
  loop.nowMs += 1;
  loop.poll.noteInput(100);
  assert.equal(loop.run(), 0, "a pause");
  loop.nowMs += 0.1;
  loop.poll.noteInput(65_536);
  assert.equal(loop.run(), 0, "a stream");
  loop.mustYield = true;
  loop.poll.noteInput(100);
  assert.equal(loop.run(), 1, "threads: it notices at its first look");
});
