/** With more cores than this, the event loop finds one that is free. */
const sharedCoresMax = 2;

/**
 * For how long a task has the core. The scheduler itself interrupts even the nicest thread only at
 * its next tick, up to 4 ms after the event loop has something to do, and an acknowledged record
 * may wait for that three times: for its request, for its fsync and for its answer.
 */
const workMsMax = 0.2;

/** For how long it lets others have it, at least: the system rounds it up to about 0.1 ms. */
const pauseMs = 0.05;

/** Gives `OffloadContext.giveWay` for a thread that blocks nobody but itself. */
export function createGiveWay(coreCount: number): () => void {
  if (coreCount > sharedCoresMax) return () => {};
  const never = new Int32Array(new SharedArrayBuffer(4));
  let sinceMs = performance.now();
  return () => {
    if (performance.now() - sinceMs < workMsMax) return;
    Atomics.wait(never, 0, 0, pauseMs);
    sinceMs = performance.now();
  };
}
