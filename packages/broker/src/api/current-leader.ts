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

/** The first versions of an API whose answers have room for leaders, and for where they are. */
export interface LeaderVersions {
  readonly leaderSince: number;
  readonly nodesSince: number;
}

/**
 * Tells who asked the wrong broker whom to ask (KIP-951): the leader of each such partition, and
 * where these leaders are reached.
 */
export class CurrentLeaders {
  readonly #context: RequestContext;
  readonly #versions: LeaderVersions;
  /** Made for the first: nearly every answer names none. */
  #nodes: Map<number, BrokerNode> | undefined;

  constructor(context: RequestContext, versions: LeaderVersions) {
    this.#context = context;
    this.#versions = versions;
  }

  /** The leader to tell for a partition; undefined when its answer needs none. */
  of(partition: AnsweredPartition): CurrentLeader | undefined {
    if (this.#context.apiVersion < this.#versions.leaderSince) return undefined;
    if (partition.error !== "NOT_LEADER_OR_FOLLOWER" && partition.error !== "FENCED_LEADER_EPOCH") {
      return undefined;
    }
    const { image, client } = this.#context;
    const topic = image.topics.byName.get(partition.topic ?? "");
    const known = topic?.partitions[partition.index];
    if (known === undefined) return undefined;
    const broker = image.brokers.get(known.leader);
    const node = broker === undefined ? undefined : nodeOf(broker, client.listenerName);
    if (node !== undefined) this.#name(node);
    return { leaderId: known.leader, leaderEpoch: known.leaderEpoch };
  }

  /** The brokers that `of` named. */
  nodes(): readonly BrokerNode[] {
    if (this.#context.apiVersion < this.#versions.nodesSince) return [];
    return this.#nodes === undefined ? [] : [...this.#nodes.values()];
  }

  #name(node: BrokerNode): void {
    this.#nodes ??= new Map();
    this.#nodes.set(node.nodeId, node);
  }
}
