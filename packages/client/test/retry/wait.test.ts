import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { KafkaError } from "../../src/errors/kafka-error.ts";
import { waitMs, within } from "../../src/retry/wait.ts";

test("a wait ends with its time, or with its signal", async () => {
  const { clock } = simPlatform({ seed: 1 });
  let isDone = false;
  void waitMs(clock, 50).then(() => {
    isDone = true;
  });
  await clock.advance(49);
  assert.equal(isDone, false);
  await clock.advance(1);
  assert.equal(isDone, true);
  const aborting = new AbortController();
  const waiting = waitMs(clock, 50, aborting.signal);
  aborting.abort(new Error("enough"));
  await assert.rejects(waiting, { code: "ABORTED" });
});

test("work that takes too long is left, and its later failure is dropped", async () => {
  const { clock } = simPlatform({ seed: 1 });
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<number>((_resolve, reject) => {
    fail = reject;
  });
  const timedOut = (): KafkaError => new KafkaError("REQUEST_TIMED_OUT", "the work");
  const waiting = within(work, { clock, timeoutMs: 10, timedOut, what: "the work" });
  const rejected = assert.rejects(waiting, { code: "REQUEST_TIMED_OUT" });
  await clock.advance(10);
  await rejected;
  fail(new Error("too late"));
  await clock.advance(1);
});
