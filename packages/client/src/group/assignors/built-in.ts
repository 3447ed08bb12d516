import { KafkaError } from "../../errors/kafka-error.ts";
import { checkChoice } from "../../options/check-choice.ts";
import type { PartitionAssignor } from "../membership.ts";
import type { Assignor, RebalanceProtocol } from "./assignor.ts";
import { cooperativeSticky } from "./cooperative-sticky.ts";
import { custom } from "./custom.ts";
import { range } from "./range.ts";
import { roundRobin } from "./round-robin.ts";
import { sticky } from "./sticky.ts";

const makers = {
  range,
  roundrobin: roundRobin,
  sticky,
  "cooperative-sticky": cooperativeSticky,
} as const;

/** What a Java consumer offers: range first, and the way to cooperative rebalances open. */
const defaults: readonly PartitionAssignor[] = ["range", "cooperative-sticky"];

/** Gives new assignors for one consumer, in its order of preference; Java's when it has none. */
export function assignorsOf(wanted: readonly PartitionAssignor[]): readonly Assignor[] {
  const chosen = wanted.length === 0 ? defaults : wanted;
  for (const one of chosen) {
    if (typeof one === "string") checkChoice("partitionAssignors", one, Object.keys(makers));
  }
  const assignors = chosen.map((one) => (typeof one === "string" ? makers[one]() : custom(one)));
  const names = assignors.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return assignors;
  throw new KafkaError("INVALID_OPTION", `partitionAssignors has ${twice} twice`);
}

/**
 * Gives the way of rebalancing that all assignors of a consumer can serve: cooperative if possible.
 * @throws KafkaError INVALID_OPTION when they have none in common
 */
export function protocolOf(assignors: readonly Assignor[]): RebalanceProtocol {
  const all: readonly RebalanceProtocol[] = ["cooperative", "eager"];
  const common = all.find((protocol) => {
    return assignors.every(({ protocols }) => protocols.includes(protocol));
  });
  if (common !== undefined) return common;
  const names = assignors.map(({ name }) => name).join(", ");
  const hint = "Take assignors that rebalance in the same way.";
  throw new KafkaError("INVALID_OPTION", `the assignors ${names} do not fit together`, { hint });
}
