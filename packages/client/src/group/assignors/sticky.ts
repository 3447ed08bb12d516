import type { TopicPartition } from "../membership.ts";
import type { Assignor } from "./assignor.ts";
import { divideEqually } from "./sticky/equal-subscriptions.ts";
import { divideMixed } from "./sticky/mixed-subscriptions.ts";
import type { StickyDivision } from "./sticky/sticky-division.ts";
import { stickyInput, type StickyInput } from "./sticky/sticky-input.ts";
import { readStickyUserData, writeStickyUserData } from "./sticky/user-data.ts";

/**
 * Gives the assignor that balances shares and moves as few partitions as it can, rebalancing
 * eagerly: everything is given up, and what is kept comes back.
 */
export function sticky(): Assignor {
  let latest:
    | { readonly partitions: readonly TopicPartition[]; readonly generation: number }
    | undefined;
  return {
    name: "sticky",
    protocols: ["eager"],
    userData: () => {
      return latest === undefined
        ? null
        : writeStickyUserData(latest.partitions, latest.generation);
    },
    onAssignment: (partitions, generation) => {
      latest = { partitions, generation };
    },
    assign: (input) => {
      return divide(stickyInput(input, ({ userData }) => readStickyUserData(userData)))
        .partitionsOf;
    },
  };
}

/** Divides by whichever of the two ways fits the subscriptions. */
export function divide(input: StickyInput): StickyDivision {
  return input.haveEqualSubscriptions ? divideEqually(input) : divideMixed(input);
}
