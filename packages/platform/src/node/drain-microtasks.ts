/**
 * Waits until every promise that can settle by itself has done so: the tick queue is served only
 * when the queue of promise callbacks is empty. For the simulator, in which nothing else waits.
 */
export async function drainMicrotasks(): Promise<void> {
  // The claim above holds for a tick asked for inside a promise callback, so go there first.
  await Promise.resolve();
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
}
