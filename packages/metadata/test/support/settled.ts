import type { SimClock } from "@millrace/platform/sim";

/** Lets simulated time pass until a promise is settled, and gives what it came to. */
export async function settled<T>(clock: SimClock, promise: Promise<T>): Promise<T> {
  let isDone = false;
  const note = () => {
    isDone = true;
  };
  promise.then(note, note);
  const limitMs = 600_000;
  if (!(await clock.runUntil(() => isDone, limitMs))) throw new Error("it never settles");
  return promise;
}
