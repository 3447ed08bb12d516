import type { Deadlines } from "./deadlines.ts";
import type { CommitFailure, Partition } from "./partition.ts";

/** A batch whose acknowledgement waits. */
export interface PendingCommit {
  readonly partition: Partition;
  readonly endOffset: number;
}

/** How long is waited. */
export interface CommitWaitOptions {
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
}

/** What became of a batch: undefined when it is committed. */
export type CommitOutcome = CommitFailure | "REQUEST_TIMED_OUT" | undefined;

/**
 * Waits until every batch is committed, lost its leader, or the time is up.
 * @returns the outcomes in the order given.
 */
export function waitForCommits(
  pending: readonly PendingCommit[],
  options: CommitWaitOptions,
): Promise<readonly CommitOutcome[]> {
  return new Promise((resolve) => {
    const outcomes = pending.map((): CommitOutcome => "REQUEST_TIMED_OUT");
    const forget: (() => void)[] = [];
    let leftCount = pending.length;
    const deadline = options.deadlines.add(options.timeoutMs, () => {
      for (const cancel of forget) cancel();
      resolve(outcomes);
    });
    for (const [position, { partition, endOffset }] of pending.entries()) {
      forget.push(
        partition.whenCommitted(endOffset, (failure) => {
          outcomes[position] = failure;
          leftCount -= 1;
          if (leftCount > 0) return;
          deadline.cancel();
          resolve(outcomes);
        }),
      );
    }
  });
}
