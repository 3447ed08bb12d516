import type { GroupEvent } from "./group-event.ts";

/** How far a share group has come with its queue. */
export class QueueProgress {
  readonly #ends = new Map<number, number>();
  readonly #lags = new Map<number, number>();

  /** Notes what is said of the queue and of the group's lag. */
  take(event: GroupEvent): void {
    if (event.kind === "produced") this.#ends.set(event.partition, event.offset);
    if (event.kind === "lag") this.#lags.set(event.partition, event.offset);
  }

  /** What is left to do; undefined when everything is accepted, rejected or given up. */
  left(partitionCount: number): string | undefined {
    if (this.#ends.size < partitionCount) return "the queue has no end yet";
    const behind = [...this.#ends.keys()].flatMap((partition) => {
      const lag = this.#lags.get(partition);
      return lag === 0 ? [] : [`partition ${partition}: ${lag ?? "an unknown number of"} records`];
    });
    return behind.length === 0 ? undefined : behind.join("; ");
  }
}
