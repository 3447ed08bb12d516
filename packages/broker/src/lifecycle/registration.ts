import { type Clock, MillraceError } from "@millrace/platform";
import type {
  BrokerHeartbeatResult,
  Controller,
  Endpoint,
  SupportedFeature,
} from "@millrace/metadata";
import type { Uuid } from "@millrace/protocol";

/** The controller does not take this broker: another cluster, a feature level it cannot serve. */
export class RegistrationError extends MillraceError {
  readonly code = "BROKER_REGISTRATION_REFUSED";
}

/** Who registers. */
export interface RegistrationOptions {
  readonly controller: Controller;
  readonly clock: Clock;
  readonly brokerId: number;
  readonly clusterId: string;
  readonly incarnationId: Uuid;
  readonly rack: string | null;
  readonly features: readonly SupportedFeature[];
  /** Ids of the log directories that work. */
  readonly logDirs: readonly Uuid[];
  /** From the clean-shutdown file; -1 after a crash. */
  readonly previousBrokerEpoch: number;
  /** The last offset of the image that the broker acts on. */
  readonly metadataOffset: () => number;
}

/** A stop asks this often at most; each time the controller has moved what it could. */
const shutdownRequestsMax = 10;

/** A start asks this often at most to be unfenced, this long apart: a minute in all. */
const unfenceRequestsMax = 600;
const unfenceRetryMs = 100;

/**
 * A broker's standing with the controller: registered and fenced, then unfenced, then shutting
 * down.
 * `brokerEpoch` tells one start of the broker from the others.
 */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #offlineLogDirs = new Set<Uuid>();
  #brokerEpoch = -1;

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  /** The offset of the registration record; -1 before `register`. */
  get brokerEpoch(): number {
    return this.#brokerEpoch;
  }

  /** Who asks the controller for something. */
  identity(): { readonly brokerId: number; readonly brokerEpoch: number } {
    return { brokerId: this.#options.brokerId, brokerEpoch: this.#brokerEpoch };
  }

  /**
   * Registers the listeners as clients reach them. @throws RegistrationError when it is refused.
   */
  async register(listeners: readonly Endpoint[]): Promise<void> {
    const { controller, brokerId, clusterId, incarnationId, rack, features } = this.#options;
    const { logDirs, previousBrokerEpoch } = this.#options;
    const outcome = await controller.registerBroker({
      brokerId,
      clusterId,
      incarnationId,
      rack,
      features,
      logDirs,
      previousBrokerEpoch,
      listeners,
    });
    if (outcome.kind === "refused") throw refusal(outcome);
    this.#brokerEpoch = outcome.value;
  }

  /**
   * Takes leadership from now on: resolves once the controller counts this broker in.
   * @throws RegistrationError when it is refused, or fenced for longer than a start may take.
   */
  async unfence(): Promise<void> {
    const { clock } = this.#options;
    for (let requests = 0; requests < unfenceRequestsMax; requests += 1) {
      if (!(await this.#heartbeat(false)).isFenced) return;
      // It has not seen its own registration yet.
      await new Promise<void>((resolve) => clock.setTimer(unfenceRetryMs, resolve));
    }
    throw new RegistrationError("the controller keeps this broker fenced");
  }

  /** Tells the controller that log directories failed: it finds other leaders, if there are any. */
  async reportOffline(logDirs: readonly Uuid[]): Promise<void> {
    for (const id of logDirs) this.#offlineLogDirs.add(id);
    await this.#heartbeat(false);
  }

  /** Gives up leadership in an orderly way before the broker stops. */
  async shutDown(): Promise<void> {
    for (let requests = 0; requests < shutdownRequestsMax; requests += 1) {
      if ((await this.#heartbeat(true)).shouldShutDown) return;
    }
  }

  async #heartbeat(wantShutDown: boolean): Promise<BrokerHeartbeatResult> {
    const outcome = await this.#options.controller.brokerHeartbeat({
      ...this.identity(),
      currentMetadataOffset: this.#options.metadataOffset(),
      wantFence: false,
      wantShutDown,
      offlineLogDirs: [...this.#offlineLogDirs],
      cordonedLogDirs: [],
    });
    if (outcome.kind === "refused") throw refusal(outcome);
    return outcome.value;
  }
}

function refusal(outcome: { readonly error: string; readonly message: string }): RegistrationError {
  return new RegistrationError(`${outcome.error}: ${outcome.message}`);
}
