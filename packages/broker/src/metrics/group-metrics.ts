import {
  type GroupEvents,
  groupEvents,
  type GroupState,
  type GroupTypes,
  type Machine,
} from "@millrace/coordinators";
import type { Counter, Metrics } from "@millrace/platform";

/** Kafka's MBeans of the group coordinator, in the form in which names are exposed. */
const coordinator = "kafka_coordinator_group_group_coordinator_metrics";
const manager = "kafka_coordinator_group_GroupMetadataManager";

const counters = {
  offsetCommits: ["offset_commit_count", "Offsets committed."],
  offsetExpirations: ["offset_expiration_count", "Offsets that expired."],
  offsetDeletions: ["offset_deletion_count", "Offsets deleted."],
  classicRebalances: ["group_completed_rebalance_count", "Generations of classic groups."],
  consumerRebalances: ["consumer_group_rebalance_count", "New epochs of consumer groups."],
  shareRebalances: ["share_group_rebalance_count", "New epochs of share groups."],
  streamsRebalances: ["streams_group_rebalance_count", "New epochs of streams groups."],
} as const satisfies Record<keyof GroupEvents, readonly [string, string]>;

/** The same rules, with what they decide counted. */
export function countedGroupMachine(
  machine: Machine<GroupTypes>,
  metrics: Metrics,
): Machine<GroupTypes> {
  const made = Object.entries(counters).map(([event, [name, help]]): [string, Counter] => {
    return [event, metrics.counter({ name: `${coordinator}_${name}`, help })];
  });
  return {
    ...machine,
    step(state, input, context) {
      const outcome = machine.step(state, input, context);
      if ((outcome.records ?? []).length === 0) return outcome;
      const events = new Map<string, number>(Object.entries(groupEvents(input, outcome)));
      for (const [event, counter] of made) {
        const count = events.get(event) ?? 0;
        if (count > 0) counter.add(count);
      }
      return outcome;
    },
  };
}

const classicStates = ["empty", "preparing-rebalance", "completing-rebalance", "stable"] as const;
const consumerStates = ["Empty", "Assigning", "Reconciling", "Stable"] as const;
const shareStates = ["Empty", "Stable"] as const;
const streamsStates = ["Empty", "NotReady", "Assigning", "Reconciling", "Stable"] as const;

/** Registers what is read when somebody asks: groups by protocol and state, and offsets. */
export function registerGroupGauges(metrics: Metrics, states: () => Iterable<GroupState>): void {
  const count = (matches: (group: Group) => boolean): number => {
    let counted = 0;
    for (const { groups } of states()) {
      for (const group of groups.values()) if (matches(group)) counted += 1;
    }
    return counted;
  };
  for (const protocol of ["classic", "consumer", "share", "streams"] as const) {
    const options = { name: `${coordinator}_group_count`, help: "Groups.", labels: { protocol } };
    metrics.gauge(options, () => count((group) => group.kind === protocol));
  }
  for (const state of classicStates) {
    const name = `${manager}_NumGroups${pascalCase(state)}`;
    metrics.gauge({ name, help: "Classic groups in a state." }, () =>
      count((group) => group.kind === "classic" && group.state === state),
    );
  }
  for (const state of consumerStates) {
    const labels = { state: state.toLowerCase() };
    const name = `${coordinator}_consumer_group_count`;
    metrics.gauge({ name, help: "Consumer groups in a state.", labels }, () =>
      count((group) => group.kind === "consumer" && group.state === state),
    );
  }
  for (const state of shareStates) {
    const labels = { state: state.toLowerCase() };
    const name = `${coordinator}_share_group_count`;
    metrics.gauge({ name, help: "Share groups in a state.", labels }, () =>
      count((group) => group.kind === "share" && group.state === state),
    );
  }
  for (const state of streamsStates) {
    const labels = { state: state === "NotReady" ? "not_ready" : state.toLowerCase() };
    const name = `${coordinator}_streams_group_count`;
    metrics.gauge({ name, help: "Streams groups in a state.", labels }, () =>
      count((group) => group.kind === "streams" && group.state === state),
    );
  }
  metrics.gauge({ name: `${manager}_NumOffsets`, help: "Committed offsets." }, () => {
    let offsets = 0;
    for (const state of states()) offsets += state.offsets.count;
    return offsets;
  });
}

type Group = GroupState["groups"] extends ReadonlyMap<string, infer Value> ? Value : never;

function pascalCase(words: string): string {
  return words.replaceAll(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
