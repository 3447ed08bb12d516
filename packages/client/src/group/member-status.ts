import type { Clock } from "@millrace/platform";
import type { KafkaError } from "../errors/kafka-error.ts";
import type { MembershipHealth, MembershipState } from "./membership.ts";

/** What a membership says of itself. */
export class MemberStatus {
  state: MembershipState = "unsubscribed";
  error: KafkaError | undefined;
  readonly #clock: Clock;
  #lastHeartbeatAtMs = -1;
  #lastRebalanceAtMs = -1;
  #rebalanceCount = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The coordinator answered a heartbeat without an error. */
  noteHeartbeat(): void {
    this.#lastHeartbeatAtMs = this.#clock.monotonicMs();
    this.error = undefined;
  }

  /** A rebalance has ended for this member. */
  noteRebalance(): void {
    this.#lastRebalanceAtMs = this.#clock.monotonicMs();
    this.#rebalanceCount += 1;
    this.error = undefined;
  }

  /** When the coordinator was last heard of; -1 for never. */
  get lastHeartbeatAtMs(): number {
    return this.#lastHeartbeatAtMs;
  }

  health(
    protocol: MembershipHealth["protocol"],
    coordinator: number | undefined,
  ): MembershipHealth {
    return {
      state: this.state,
      protocol,
      coordinator,
      error: this.error,
      lastHeartbeatAtMs: this.#lastHeartbeatAtMs,
      lastRebalanceAtMs: this.#lastRebalanceAtMs,
      rebalanceCount: this.#rebalanceCount,
    };
  }
}
