import type { InternalTopicToCreate } from "@millrace/coordinators";
import type { ChargePartitions, Controller } from "@millrace/metadata";
import type { Clock, Logger } from "@millrace/platform";

/** Most topics whose refusal is remembered; beyond it the oldest is forgotten. */
const REFUSALS_MAX = 1000;

/** What making internal topics works with. */
export interface StreamsInternalTopicsOptions {
  readonly controller: Pick<Controller, "createTopics">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How topics are made. */
export interface StreamsTopicCreation {
  /** What was refused is tried again after so long. */
  readonly retryMs: number;
  /** Counts the partitions for the quota of whose heartbeat it is. */
  readonly chargePartitions?: ChargePartitions | undefined;
}

interface Refusal {
  readonly message: string;
  readonly untilMs: number;
}

/**
 * Makes the repartition and changelog topics of streams groups (KIP-1071). A heartbeat does not
 * wait for them: the next one sees them. What the controller refuses is tried again only after a
 * while, and told to the members meanwhile.
 */
export class StreamsInternalTopics {
  readonly #options: StreamsInternalTopicsOptions;
  readonly #underWay = new Set<string>();
  readonly #refusals = new Map<string, Refusal>();

  constructor(options: StreamsInternalTopicsOptions) {
    this.#options = options;
  }

  /** Begins to make topics, but for those under way and those refused a short time ago. */
  create(topics: readonly InternalTopicToCreate[], creation: StreamsTopicCreation): void {
    const { retryMs } = creation;
    const wanted = topics.filter(({ name }) => {
      return !this.#underWay.has(name) && this.refusalOf(name) === undefined;
    });
    if (wanted.length === 0) return;
    for (const { name } of wanted) this.#underWay.add(name);
    this.#create(wanted, creation)
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        for (const { name } of wanted) this.#refuse(name, message, retryMs);
      })
      .finally(() => {
        for (const { name } of wanted) this.#underWay.delete(name);
      });
  }

  /** Why a topic was not made the last time; undefined when it was, or may be tried again. */
  refusalOf(name: string): string | undefined {
    const refusal = this.#refusals.get(name);
    if (refusal === undefined) return undefined;
    if (this.#options.clock.monotonicMs() < refusal.untilMs) return refusal.message;
    this.#refusals.delete(name);
    return undefined;
  }

  async #create(
    topics: readonly InternalTopicToCreate[],
    { retryMs, chargePartitions }: StreamsTopicCreation,
  ): Promise<void> {
    const outcome = await this.#options.controller.createTopics({
      validateOnly: false,
      chargePartitions,
      topics: topics.map(({ name, partitions, replicationFactor, configs }) => ({
        name,
        numPartitions: partitions,
        replicationFactor,
        assignments: [],
        configs: configs.map((config) => ({ ...config })),
      })),
    });
    if (outcome.kind === "refused") {
      for (const { name } of topics) this.#refuse(name, outcome.message, retryMs);
      return;
    }
    for (const { name, error, errorMessage } of outcome.value) {
      // Another member's heartbeat may have been first.
      if (error === "NONE" || error === "TOPIC_ALREADY_EXISTS") continue;
      this.#refuse(name, errorMessage ?? error, retryMs);
    }
  }

  #refuse(name: string, message: string, retryMs: number): void {
    const { clock, logger } = this.#options;
    logger.warn("an internal topic of a streams group could not be made", { topic: name, message });
    this.#refusals.delete(name);
    this.#refusals.set(name, { message, untilMs: clock.monotonicMs() + retryMs });
    const oldest = this.#refusals.keys().next().value;
    if (this.#refusals.size > REFUSALS_MAX && oldest !== undefined) this.#refusals.delete(oldest);
  }
}
