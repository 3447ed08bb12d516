import type { Logger } from "@millrace/platform";
import { configResourceKey, configsOf } from "@millrace/metadata";
import type { MetadataListener, MetadataUpdate } from "@millrace/metadata";

import type { DynamicBrokerConfig } from "../config/index.ts";

/** Lays the configurations that the metadata holds for this broker over those of its file. */
export class ConfigFollower implements MetadataListener {
  readonly #dynamicConfig: DynamicBrokerConfig;
  readonly #logger: Logger;
  readonly #ownName: string;
  readonly #keys: readonly string[];

  constructor(options: {
    readonly dynamicConfig: DynamicBrokerConfig;
    readonly brokerId: number;
    readonly logger: Logger;
  }) {
    this.#dynamicConfig = options.dynamicConfig;
    this.#logger = options.logger;
    this.#ownName = String(options.brokerId);
    this.#keys = [this.#ownName, ""].map((name) => configResourceKey({ type: "broker", name }));
  }

  onMetadata({ delta, image }: MetadataUpdate): void {
    if (!this.#keys.some((key) => delta.configs.has(key))) return;
    const ignored = this.#dynamicConfig.update({
      broker: configsOf(image.configs, { type: "broker", name: this.#ownName }),
      everyBroker: configsOf(image.configs, { type: "broker", name: "" }),
    });
    for (const [name, reason] of ignored) {
      this.#logger.warn("a configuration of the metadata does not count", { name, reason });
    }
  }
}
