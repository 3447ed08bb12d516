import { Simulation, type SimPlatform } from "@millrace/platform/sim";
import {
  type ApiSchema,
  errorCodes,
  FindCoordinator,
  Metadata,
  type ResponseInput,
  type Uuid,
  uuidFromBytes,
  ZERO_UUID,
} from "@millrace/protocol";
import type { Cluster } from "../../src/cluster.ts";
import { openCluster } from "../../src/network/kafka-cluster.ts";
import type { ClientOptions } from "../../src/options/client-options.ts";
import { resolveOptions } from "../../src/options/resolve-options.ts";
import { ScriptedBroker, type ScriptHandler } from "./scripted-broker.ts";

/** A partition of a scripted topic; tests change it. */
export interface ScriptedPartition {
  leader: number;
  leaderEpoch: number;
}

/** A scripted topic; tests change it. */
export interface ScriptedTopic {
  readonly name: string;
  id: Uuid;
  readonly partitions: ScriptedPartition[];
}

/** How a scripted cluster is made. */
export interface ScriptedClusterOptions {
  readonly seed?: number;
  /** 1 when not given; they are numbered from 1 and listen on 9091 + number. */
  readonly brokers?: number;
}

const clientHost = "client";
const firstPort = 9091;

/**
 * Brokers on a simulated network that know topics and coordinators, and a client's machine. What
 * else is asked, a test answers with `broker.on(api, handler)` or `onAll`.
 */
export class ScriptedCluster {
  readonly simulation: Simulation;
  readonly client: SimPlatform;
  readonly brokers: readonly ScriptedBroker[];
  readonly topics = new Map<string, ScriptedTopic>();
  controllerId = 1;
  /** Which broker coordinates: the first when nothing is said. */
  coordinatorOf: (keyType: number, key: string) => number = () => 1;
  #nextTopicId = 1;

  constructor({ seed = 1, brokers = 1 }: ScriptedClusterOptions = {}) {
    this.simulation = new Simulation(seed);
    this.client = this.simulation.platform({ host: clientHost, logLevel: "trace" });
    this.brokers = Array.from({ length: brokers }, (_, index) => {
      const platform = this.simulation.platform({ host: `broker-${index + 1}` });
      const broker = new ScriptedBroker(platform, index + 1, firstPort + index + 1);
      broker.on(Metadata, ({ topics }, { version }) => this.#metadata(topics, version));
      broker.on(FindCoordinator, (request) => this.#coordinators(request));
      return broker;
    });
  }

  /** Makes every broker listen. */
  async start(): Promise<this> {
    for (const broker of this.brokers) await broker.start();
    return this;
  }

  /** A broker by its number. */
  broker(id: number): ScriptedBroker {
    const broker = this.brokers[id - 1];
    if (broker === undefined) throw new Error(`there is no broker ${id}`);
    return broker;
  }

  /** Adds a topic whose partitions have their leaders in turn. */
  addTopic(name: string, partitionCount = 1): ScriptedTopic {
    const bytes = Buffer.alloc(16);
    bytes.writeInt32BE(this.#nextTopicId, 12);
    this.#nextTopicId += 1;
    const partitions = Array.from({ length: partitionCount }, (_, index) => ({
      leader: (index % this.brokers.length) + 1,
      leaderEpoch: 0,
    }));
    const topic = { name, id: uuidFromBytes(bytes), partitions };
    this.topics.set(name, topic);
    return topic;
  }

  /** Says how every broker answers requests of an API. */
  onAll<A extends ApiSchema>(api: A, handler: ScriptHandler<A>): this {
    for (const broker of this.brokers) broker.on(api, handler);
    return this;
  }

  /** A client's `Cluster` on a machine of its own. */
  connect(options: Partial<ClientOptions> = {}): Cluster {
    const bootstrap = this.brokers.map(({ host, port }) => `${host}:${port}`);
    return openCluster(this.client, resolveOptions({ bootstrap, ...options }));
  }

  /** Moves time until a promise is settled, and gives what it gives. */
  async settle<T>(promise: Promise<T>, limitMs = 600_000): Promise<T> {
    let isDone = false;
    const settled = promise.then(
      () => {
        isDone = true;
      },
      () => {
        isDone = true;
      },
    );
    await this.simulation.heap.runUntil(() => isDone, limitMs);
    if (!isDone) throw new Error(`the promise is not settled after ${limitMs} ms`);
    await settled;
    return promise;
  }

  /** Moves time. */
  advance(durationMs: number): Promise<void> {
    return this.simulation.heap.advance(durationMs);
  }

  #metadata(
    topics: readonly { readonly name: string | null }[] | null,
    version: number,
  ): ResponseInput<typeof Metadata> {
    const names =
      topics === null || (version === 0 && topics.length === 0)
        ? [...this.topics.keys()]
        : topics.flatMap(({ name }) => (name === null ? [] : [name]));
    return {
      brokers: this.brokers.map(({ id, host, port }) => ({ nodeId: id, host, port, rack: null })),
      clusterId: "scripted",
      controllerId: this.controllerId,
      topics: names.map((name) => this.#topic(name)),
    };
  }

  #topic(name: string): ResponseInput<typeof Metadata>["topics"][number] {
    const topic = this.topics.get(name);
    if (topic === undefined) {
      const errorCode = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
      return { errorCode, name, topicId: ZERO_UUID, partitions: [] };
    }
    const everybody = this.brokers.map(({ id }) => id);
    return {
      errorCode: errorCodes.NONE,
      name,
      topicId: topic.id,
      partitions: topic.partitions.map(({ leader, leaderEpoch }, partitionIndex) => ({
        errorCode: leader < 0 ? errorCodes.LEADER_NOT_AVAILABLE : errorCodes.NONE,
        partitionIndex,
        leaderId: leader,
        leaderEpoch,
        replicaNodes: everybody,
        isrNodes: everybody,
      })),
    };
  }

  #coordinators(request: {
    readonly key: string;
    readonly keyType: number;
    readonly coordinatorKeys: readonly string[];
  }): ResponseInput<typeof FindCoordinator> {
    const keys = request.coordinatorKeys.length === 0 ? [request.key] : request.coordinatorKeys;
    const found = keys.map((key) => {
      const { id, host, port } = this.broker(this.coordinatorOf(request.keyType, key));
      return { key, nodeId: id, host, port, errorCode: errorCodes.NONE, errorMessage: null };
    });
    const [first] = found;
    if (request.coordinatorKeys.length > 0 || first === undefined) return { coordinators: found };
    const { nodeId, host, port, errorCode } = first;
    return { nodeId, host, port, errorCode };
  }
}
