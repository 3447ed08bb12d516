import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "@millrace/platform";

/** What the suite needs of an implementation. */
export interface ClockCandidate {
  readonly name: string;
  readonly create: () => Clock;
  /** Lets time pass. */
  readonly pass: (clock: Clock, durationMs: number) => Promise<void>;
}

/** What every Clock does. */
export function testClock(candidate: ClockCandidate): void {
  const { name, create, pass } = candidate;

  test(`${name}: timers run in the order they are due, cancelled ones never`, async () => {
    const clock = create();
    const ran: string[] = [];
    let hasRunImmediate = false;
    clock.setTimer(20, () => ran.push("20"));
    clock.setTimer(5, () => ran.push("5"));
    const cancelled = clock.setTimer(10, () => ran.push("10"));
    clock.setImmediate(() => {
      hasRunImmediate = true;
    });
    cancelled.cancel();
    await pass(clock, 60);
    cancelled.cancel();
    assert.deepEqual(ran, ["5", "20"]);
    assert.equal(hasRunImmediate, true);
  });

  test(`${name}: monotonic time moves forward with the wall clock`, async () => {
    const clock = create();
    // A process that is held up between two readings must not fail the test: each wall time lies
    // between two monotonic ones.
    const [start, end] = [readBoth(clock), await pass(clock, 20).then(() => readBoth(clock))];
    const wallMs = end.wallMs - start.wallMs;
    assert.ok(end.beforeMs - start.beforeMs >= 19, `${end.beforeMs - start.beforeMs}`);
    assert.ok(wallMs >= end.beforeMs - start.afterMs - 5, `${wallMs}`);
    assert.ok(wallMs <= end.afterMs - start.beforeMs + 5, `${wallMs}`);
    assert.equal(clock.nowMs(), Math.floor(clock.nowMs()));
  });

  test(`${name}: a timer far beyond 2^31 milliseconds does not run at once`, async () => {
    const clock = create();
    let hasRun = false;
    const timer = clock.setTimer(2 ** 40, () => {
      hasRun = true;
    });
    await pass(clock, 10);
    assert.equal(hasRun, false);
    timer.cancel();
  });
}

function readBoth(clock: Clock): {
  readonly beforeMs: number;
  readonly wallMs: number;
  readonly afterMs: number;
} {
  const beforeMs = clock.monotonicMs();
  const wallMs = clock.nowMs();
  return { beforeMs, wallMs, afterMs: clock.monotonicMs() };
}
