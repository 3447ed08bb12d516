import type { MetadataCache } from "../../metadata/metadata-cache.ts";
import type { OwnedPartitions } from "../owned-partitions.ts";
import type { TargetAssignment, TopicIds } from "./target-assignment.ts";

/** What reconciling works on. */
export interface ReconcilerParts {
  readonly metadata: MetadataCache;
  readonly owned: OwnedPartitions;
  readonly topicIds: TopicIds;
  /** How long work on revoked partitions may take. */
  readonly revokeTimeoutMs: number;
  /** What is owned has changed, or is confirmed: the coordinator wants to hear. */
  readonly onReconciled: (isComplete: boolean) => void;
  readonly onBegin: () => void;
}

/**
 * How far it came: all of the target, a part, nothing yet because no topic of it is known, or a
 * newer target counts.
 */
type Progress = "complete" | "partial" | "waiting" | "overtaken";

/**
 * Makes what a member owns what the coordinator wants (KIP-848): gives up first, then takes over,
 * then tells. One target at a time; a newer one is looked at when the one before it is done.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  #target: TargetAssignment | undefined;
  #reached: TargetAssignment | undefined;
  #isRunning = false;
  /** Counts fences: what was begun before one must not go on after it. */
  #life = 0;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  /** The coordinator wants this; told again it is nothing new. */
  aim(target: TargetAssignment): void {
    const isKnown = JSON.stringify(target) === JSON.stringify(this.#target);
    if (!isKnown) this.#target = target;
    void this.#run();
  }

  /** Metadata changed: a topic that was not known may be now. */
  retry(): void {
    if (this.#target !== this.#reached) void this.#run();
  }

  /** Whether something is left to do. */
  get isBusy(): boolean {
    return this.#target !== this.#reached;
  }

  /** The member was fenced or leaves: nothing that was wanted counts any more. */
  reset(): void {
    this.#life += 1;
    this.#target = undefined;
    this.#reached = undefined;
    this.#isRunning = false;
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const life = this.#life;
    while (this.#target !== this.#reached) {
      const target = this.#target;
      const progress = await this.#reconcile(target ?? [], () => {
        return life === this.#life && target === this.#target;
      });
      if (life !== this.#life) return;
      if (progress === "overtaken") continue;
      if (progress === "complete") this.#reached = target;
      if (progress !== "waiting") this.#parts.onReconciled(progress === "complete");
      // The rest waits for metadata: `retry`.
      if (progress !== "complete") break;
    }
    this.#isRunning = false;
  }

  async #reconcile(target: TargetAssignment, isWanted: () => boolean): Promise<Progress> {
    const { owned, topicIds, metadata, revokeTimeoutMs } = this.#parts;
    const { partitions, unknownIds } = topicIds.resolve(target);
    this.#parts.onBegin();
    if (unknownIds.length > 0) void metadata.refreshSoon("a group assigned an unknown topic");
    const revoked = owned.current.without(partitions);
    if (revoked.length > 0) await owned.revoke(revoked, revokeTimeoutMs);
    if (!isWanted()) return "overtaken";
    const added = partitions.without(owned.current);
    const isWhole = unknownIds.length === 0;
    // That nothing came is told once it is known.
    if (isWhole || added.length > 0) await owned.assign(added);
    if (!isWanted()) return "overtaken";
    if (isWhole) return "complete";
    return revoked.length + added.length > 0 ? "partial" : "waiting";
  }
}
