import type { CustomAssignor } from "../membership.ts";
import type { Assignor } from "./assignor.ts";

/** Gives the application's own assignor as one of ours. */
export function custom(theirs: CustomAssignor): Assignor {
  return {
    name: theirs.name,
    protocols: theirs.rebalanceProtocols ?? ["eager"],
    userData: (topics) => theirs.userData?.(topics) ?? null,
    onAssignment: () => undefined,
    assign: ({ topics, members }) => {
      const counts = new Map<string, number>();
      for (const [topic, partitions] of topics) counts.set(topic, partitions.length);
      return theirs.assign([...members.values()], counts);
    },
  };
}
