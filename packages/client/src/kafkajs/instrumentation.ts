import type { Clock } from "@millrace/platform";
import { KafkaJSNonRetriableError } from "./errors.ts";
import type { Logger } from "./logger.ts";

/** What a listener hears. */
export interface InstrumentationEvent<T = unknown> {
  readonly id: string;
  readonly type: string;
  readonly timestamp: number;
  readonly payload: T;
}

// A listener is written for its event's payload, which only its name tells.
type Listener = (event: InstrumentationEvent<never>) => unknown;

let lastEventId = 0;

/** Events by kafkajs's names, told to listeners one after the other; what they throw is logged. */
export class Instrumentation {
  readonly #listeners = new Map<string, Set<(event: InstrumentationEvent) => unknown>>();
  readonly #context: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly names: Readonly<Record<string, string>>;
    readonly untold: ReadonlySet<string>;
  };

  /** @param context untold: events of kafkajs that never come here */
  constructor(context: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly names: Readonly<Record<string, string>>;
    readonly untold: ReadonlySet<string>;
  }) {
    this.#context = context;
  }

  /** Adds a listener and gives how to take it away. @throws KafkaJSNonRetriableError */
  on(name: string, listener: Listener): () => void {
    const { names, untold, logger } = this.#context;
    if (!Object.values(names).includes(name)) {
      const keys = Object.keys(names).join(", ");
      throw new KafkaJSNonRetriableError(`Event name should be one of ${keys}`);
    }
    if (untold.has(name)) {
      logger.warn(`${name} is not told; docs/client/migration.md says what is there instead`);
    }
    const told = (event: InstrumentationEvent): unknown => Reflect.apply(listener, null, [event]);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(told);
    return () => {
      listeners.delete(told);
    };
  }

  emit(name: string, payload: unknown): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined || listeners.size === 0) return;
    const timestamp = this.#context.clock.nowMs();
    lastEventId += 1;
    const event = { id: String(lastEventId), type: name, timestamp, payload };
    for (const listener of listeners) void this.#tell(listener, event);
  }

  async #tell(
    listener: (event: InstrumentationEvent) => unknown,
    event: InstrumentationEvent,
  ): Promise<void> {
    try {
      await listener(event);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      this.#context.logger.error(`Failed to execute listener: ${said}`, { eventName: event.type });
    }
  }
}
