import type { ErrorName } from "@millrace/protocol";

import { type BrokerNode, nodeOf } from "./cluster-view.ts";
import type { RequestContext } from "./request-context.ts";

/** A partition of an answer, as far as the leader's place matters. */
export interface AnsweredPartition {
  readonly topic: string | undefined;
  readonly index: number;
  readonly error: ErrorName;
}

/** A leader as Produce and Fetch tell it. */
export interface CurrentLeader {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/**
 * Tells who asked the wrong broker whom to ask (KIP-951): the leader of each such partition, and
 * where these leaders are reached.
 */
export class CurrentLeaders {
  readonly #context: RequestContext;
  readonly #nodes = new Map<number, BrokerNode>();

  constructor(context: RequestContext) {
    this.#context = context;
  }

  /** The leader to tell for a partition; undefined when its answer needs none. */
  of(partition: AnsweredPartition): CurrentLeader | undefined {
    if (partition.error !== "NOT_LEADER_OR_FOLLOWER" && partition.error !== "FENCED_LEADER_EPOCH") {
      return undefined;
    }
    const { image, client } = this.#context;
    const topic = image.topics.byName.get(partition.topic ?? "");
    const known = topic?.partitions[partition.index];
    if (known === undefined) return undefined;
    const broker = image.brokers.get(known.leader);
    const node = broker === undefined ? undefined : nodeOf(broker, client.listenerName);
    if (node !== undefined) this.#nodes.set(node.nodeId, node);
    return { leaderId: known.leader, leaderEpoch: known.leaderEpoch };
  }

  /** The brokers that `of` named. */
  nodes(): readonly BrokerNode[] {
    return [...this.#nodes.values()];
  }
}
