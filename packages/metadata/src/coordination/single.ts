import type {
  Candidate,
  Coordination,
  Leadership,
  LivenessListener,
  MetadataPartitionRegister,
  MetadataPartitionState,
  Registration,
  VersionedMetadataPartition,
} from "./coordination.ts";

/**
 * Coordination of a node that is alone: it always leads, with one epoch more than it has seen, and
 * lives as long as it runs. Nothing is kept: the epoch is durable in the node's own `quorum-state`.
 */
export class SingleCoordination implements Coordination {
  readonly metadataPartition: MetadataPartitionRegister = new LocalRegister();
  readonly #live = new Set<number>();
  readonly #listeners = new Set<LivenessListener>();
  #lastEpoch = 0;

  async campaign(candidate: Candidate): Promise<Leadership> {
    this.#lastEpoch = Math.max(this.#lastEpoch, candidate.lastSeenEpoch) + 1;
    return { epoch: this.#lastEpoch, lost: new Promise(() => {}), resign: async () => {} };
  }

  async register(brokerId: number, listener: LivenessListener): Promise<Registration> {
    this.#live.add(brokerId);
    this.#listeners.add(listener);
    this.#tell();
    const close = async () => {
      this.#listeners.delete(listener);
      if (this.#live.delete(brokerId)) this.#tell();
    };
    return { expired: new Promise(() => {}), close };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener.onLiveBrokers(new Set(this.#live));
  }
}

class LocalRegister implements MetadataPartitionRegister {
  #current: VersionedMetadataPartition = { version: 0, state: undefined };

  async read(): Promise<VersionedMetadataPartition> {
    return this.#current;
  }

  async compareAndSet(
    expectedVersion: number,
    next: MetadataPartitionState,
  ): Promise<"set" | "conflict"> {
    if (this.#current.version !== expectedVersion) return "conflict";
    this.#current = { version: expectedVersion + 1, state: next };
    return "set";
  }
}
