import { type ClusterImage, type Controller, scramKey } from "@millrace/metadata";
import type { Clock, Logger, Random, Timer } from "@millrace/platform";

import type { BrokerConfig } from "../config/index.ts";
import { saltOf } from "../security/scram-credential.ts";
import { parseScramUsers, scramRecordOf } from "../security/scram-users.ts";

/** What the credentials of a cluster are kept with. */
export interface CredentialsOptions {
  readonly controller: Controller;
  readonly config: () => BrokerConfig;
  readonly image: () => ClusterImage;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const saltBytes = 26;

/** Adds the users that the configuration names, and removes tokens that have ended. */
export class Credentials {
  readonly #options: CredentialsOptions;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /** Adds users of `millrace.scram.users` that the metadata has not, and begins to sweep. */
  async start(): Promise<void> {
    await this.#addUsers();
    this.#schedule();
  }

  /** Sweeps no more. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #addUsers(): Promise<void> {
    const { controller, config, image, random, logger } = this.#options;
    const outcome = parseScramUsers(config().millraceScramUsers ?? "");
    const users = outcome.ok ? outcome.users : [];
    const { scramCredentials } = image();
    const missing = users.filter(({ name, mechanism }) => {
      return !scramCredentials.has(scramKey({ name, mechanism: mechanism.id }));
    });
    if (missing.length === 0) return;
    const upsertions = missing.map((user) => {
      return scramRecordOf(user, saltOf(random.bytes(saltBytes)));
    });
    const altered = await controller.alterScramCredentials({ deletions: [], upsertions });
    if (altered.kind === "refused") {
      logger.error("SCRAM users could not be added", { reason: altered.message });
      return;
    }
    for (const { user, error } of altered.value) logger.info("added a SCRAM user", { user, error });
  }

  #schedule(): void {
    const { delegationTokenSecretKey, delegationTokenExpiryCheckIntervalMs } =
      this.#options.config();
    if (delegationTokenSecretKey === null || this.#isClosed) return;
    this.#timer = this.#options.clock.setTimer(delegationTokenExpiryCheckIntervalMs, () => {
      void this.#sweep().finally(() => this.#schedule());
    });
  }

  async #sweep(): Promise<void> {
    const { controller, clock, logger } = this.#options;
    const removed = await controller.removeExpiredTokens(clock.nowMs());
    if (removed.kind === "done" && removed.value > 0) {
      logger.info("removed expired delegation tokens", { count: removed.value });
    }
  }
}
