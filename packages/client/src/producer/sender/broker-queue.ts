import type { Timer } from "@millrace/platform";
import type { BrokerId } from "@millrace/protocol";
import type { PartitionQueue } from "../accumulator/partition-queue.ts";

/** What is to be sent to one broker, and what is on its way there. */
export class BrokerQueue {
  readonly id: BrokerId;
  /** Requests without an answer yet. */
  inFlight = 0;
  /** Partitions that it leads and that have batches; those served last stand at the end. */
  readonly pending = new Set<PartitionQueue>();
  /** Wakes it when a batch has rested, or lingered, long enough. */
  timer: Timer | undefined;
  timerAtMs = Number.POSITIVE_INFINITY;
  /** Since when something waits for it and nothing was answered; undefined when nothing waits. */
  silentSinceMs: number | undefined;

  constructor(id: BrokerId) {
    this.id = id;
  }
}
