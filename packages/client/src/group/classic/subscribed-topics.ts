import type { Cluster } from "../../cluster.ts";
import type { TopicMetadata } from "../../metadata/metadata-cache.ts";
import { compareText } from "../assignors/ordering.ts";
import type { GroupOptions, Subscription } from "../membership.ts";
import { topicPattern } from "../topic-pattern.ts";

/** How long a leader waits for topics of which the cluster knows nothing. */
const unknownTopicWaitMs = 1_000;

/**
 * What a classic member subscribes to, by name: patterns are its own to resolve. Its leader also
 * watches what the others subscribe to.
 */
export class SubscribedTopics {
  readonly #cluster: Cluster;
  readonly #options: GroupOptions;
  readonly #onChange: (changed: ReadonlySet<string>) => void;
  #subscription: Subscription = { kind: "topics", topics: [] };
  #matches: ((topic: TopicMetadata) => boolean) | undefined;
  #matched: readonly string[] = [];
  #stopKeeping: (() => void) | undefined;
  #stopKeepingOthers: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  /** @param onChange called after metadata changed, with the topics that did */
  constructor(
    cluster: Cluster,
    options: GroupOptions,
    onChange: (changed: ReadonlySet<string>) => void,
  ) {
    this.#cluster = cluster;
    this.#options = options;
    this.#onChange = onChange;
  }

  /**
   * Changes what is wanted and begins to watch it.
   * @throws KafkaError INVALID_REGULAR_EXPRESSION
   */
  set(subscription: Subscription): void {
    const { metadata } = this.#cluster;
    const { excludeInternalTopics } = this.#options;
    this.#matches =
      subscription.kind === "pattern"
        ? topicPattern(subscription.pattern, excludeInternalTopics)
        : undefined;
    this.#subscription = subscription;
    this.#stopKeeping?.();
    this.#stopKeeping =
      subscription.kind === "pattern" ? metadata.keepAll() : metadata.keep(subscription.topics);
    this.#stopListening ??= metadata.onChange(({ topics }) => this.#onChange(topics));
    if (subscription.kind === "topics") void this.#load(subscription.topics);
  }

  /** The topics that are subscribed to now, by name. */
  names(): readonly string[] {
    const subscription = this.#subscription;
    if (subscription.kind === "pattern") return this.#matched;
    return [...new Set(subscription.topics)].sort(compareText);
  }

  /** Whether partitions of a topic may be this member's. */
  includes(topic: string): boolean {
    const subscription = this.#subscription;
    if (subscription.kind === "topics") return subscription.topics.includes(topic);
    const known = this.#cluster.metadata.topic(topic);
    return known === undefined || this.#matches?.(known) === true;
  }

  /** Looks at all topics when there is a pattern. @throws KafkaError */
  async resolve(signal: AbortSignal): Promise<void> {
    if (this.#matches === undefined) return;
    const all = await this.#cluster.metadata.loadAll({ signal, acceptCached: false });
    this.#match(all.values());
  }

  /** Resolves a pattern with a topic more or less; gives whether that changed the names. */
  hasChanged(changed: ReadonlySet<string>): boolean {
    const matches = this.#matches;
    if (matches === undefined) return false;
    const before = this.#matched.join();
    const names = new Set([...this.#matched, ...changed]);
    const topics = [...names].flatMap((name) => this.#cluster.metadata.topic(name) ?? []);
    this.#match(topics);
    return this.#matched.join() !== before;
  }

  /**
   * As leader: gives the topics of the group, fresh. Those that do not exist are left out.
   * @throws KafkaError
   */
  async ofGroup(
    names: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, TopicMetadata>> {
    const { metadata } = this.#cluster;
    const wanted = [...names];
    this.#stopKeepingOthers?.();
    this.#stopKeepingOthers = metadata.keep(wanted);
    await metadata.refreshSoon("a group's leader assigns partitions");
    const missing = wanted.filter((name) => metadata.topic(name) === undefined);
    if (missing.length > 0) {
      const loaded = await metadata.load(missing, {
        signal,
        timeoutMs: unknownTopicWaitMs,
        allowAutoCreate: this.#options.allowAutoCreateTopics,
      });
      for (const error of loaded.values()) {
        if (error instanceof Error && !isAboutTheTopic(error.code)) throw error;
      }
    }
    const topics = wanted.flatMap((name) => metadata.topic(name) ?? []);
    return new Map(topics.map((topic) => [topic.name, topic]));
  }

  /** The leader is another: its topics are its own to watch. */
  watchOnlyOwn(): void {
    this.#stopKeepingOthers?.();
    this.#stopKeepingOthers = undefined;
  }

  /** Stops watching. */
  close(): void {
    this.watchOnlyOwn();
    this.#stopKeeping?.();
    this.#stopListening?.();
    this.#stopKeeping = undefined;
    this.#stopListening = undefined;
  }

  #match(topics: Iterable<TopicMetadata>): void {
    const matched: string[] = [];
    for (const topic of topics) if (this.#matches?.(topic) === true) matched.push(topic.name);
    this.#matched = matched.sort(compareText);
  }

  /** The broker may create topics that do not exist; whoever assigns sees them when they are. */
  async #load(topics: readonly string[]): Promise<void> {
    const allowAutoCreate = this.#options.allowAutoCreateTopics;
    // What is wrong with a topic is told to whoever fetches from it.
    await this.#cluster.metadata.load(topics, { allowAutoCreate }).catch(() => undefined);
  }
}

function isAboutTheTopic(code: string): boolean {
  return [
    "UNKNOWN_TOPIC_OR_PARTITION",
    "UNKNOWN_TOPIC_ID",
    "INVALID_TOPIC_EXCEPTION",
    "TOPIC_AUTHORIZATION_FAILED",
    "LEADER_NOT_AVAILABLE",
    "REQUEST_TIMED_OUT",
  ].includes(code);
}
