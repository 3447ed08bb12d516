import type { Clock, Timer } from "@millrace/platform";
import { Heartbeat } from "@millrace/protocol";
import { asKafkaError, errorFromCode, type KafkaError } from "../../errors/kafka-error.ts";
import type { CoordinatorLink } from "../coordinator-link.ts";
import type { MemberStatus } from "../member-status.ts";
import type { GroupOptions } from "../membership.ts";
import type { ClassicIdentity } from "./classic-identity.ts";

/** What heartbeats need and whom they tell. */
export interface ClassicHeartbeatParts {
  readonly clock: Clock;
  readonly link: CoordinatorLink;
  readonly identity: ClassicIdentity;
  readonly status: MemberStatus;
  readonly options: GroupOptions;
  readonly retryBackoffMs: number;
  /** An answer had an error; only told about the generation that still lasts. */
  readonly onError: (error: KafkaError) => void;
}

/**
 * Keeps a classic member alive, on its own timer and its own connection: nothing that the
 * application does or waits for delays it.
 */
export class ClassicHeartbeat {
  readonly #parts: ClassicHeartbeatParts;
  #timer: Timer | undefined;
  #abort = new AbortController();
  #isRunning = false;

  constructor(parts: ClassicHeartbeatParts) {
    this.#parts = parts;
  }

  /** Beats from now on, the first time after an interval. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#abort = new AbortController();
    this.#arm(this.#parts.options.heartbeatIntervalMs);
  }

  /** While the member joins, JoinGroup keeps it alive. */
  stop(): void {
    this.#isRunning = false;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#abort.abort();
  }

  #arm(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.setTimer(delayMs, () => {
      void this.#beat();
    });
  }

  async #beat(): Promise<void> {
    const { identity, options, clock } = this.#parts;
    const { generation, memberId } = identity;
    const signal = this.#abort.signal;
    const startedMs = clock.monotonicMs();
    const error = await this.#ask(signal);
    if (signal.aborted) return;
    if (error === undefined) {
      this.#parts.status.noteHeartbeat();
      const spentMs = clock.monotonicMs() - startedMs;
      this.#arm(Math.max(0, options.heartbeatIntervalMs - spentMs));
      return;
    }
    this.#parts.link.heed(error.code);
    this.#arm(
      error.code === "REBALANCE_IN_PROGRESS"
        ? options.heartbeatIntervalMs
        : this.#parts.retryBackoffMs,
    );
    if (identity.generation !== generation || identity.memberId !== memberId) return;
    this.#parts.onError(error);
  }

  async #ask(signal: AbortSignal): Promise<KafkaError | undefined> {
    const { link, identity, options } = this.#parts;
    const place = { api: "Heartbeat", group: link.groupId };
    try {
      const { body } = await link.ask(
        Heartbeat,
        {
          groupId: link.groupId,
          generationId: identity.generation,
          memberId: identity.memberId,
          groupInstanceId: options.groupInstanceId ?? null,
        },
        { lane: "heartbeat", signal, timeoutMs: options.sessionTimeoutMs },
      );
      return body.errorCode === 0 ? undefined : errorFromCode(body.errorCode, place);
    } catch (error) {
      return asKafkaError(error, "UNKNOWN_SERVER_ERROR", { ...place, what: "a heartbeat failed" });
    }
  }
}
