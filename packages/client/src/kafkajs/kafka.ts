import type { Logger as PlatformLogger, Platform } from "@millrace/platform";
import { Client, platformFor } from "../main.ts";
import { Admin } from "./admin.ts";
import { checkKafkaConfig, clientOptionsOf } from "./client-config.ts";
import type { FacadeContext } from "./connection.ts";
import { logLevel } from "./constants.ts";
import { Consumer } from "./consumer.ts";
import type { ConsumerConfig } from "./consumer-config.ts";
import { createLogger, type LogEntry, type Logger, platformLogger } from "./logger.ts";
import { Producer } from "./producer.ts";
import type { KafkaConfig, ProducerConfig, RetryOptions } from "./types.ts";

/**
 * kafkajs's entry: an application changes `from "kafkajs"` to `from "@millrace/client/kafkajs"`.
 * What differs is in docs/client/migration.md.
 */
export class Kafka {
  readonly #config: KafkaConfig;
  readonly #platform: Platform;
  readonly #logger: Logger;

  /** @throws KafkaJSNonRetriableError for an option that is not known; KafkaJSNotImplemented */
  constructor(config: KafkaConfig) {
    checkKafkaConfig(config);
    this.#config = config;
    const level = config.logLevel ?? logLevel.INFO;
    this.#platform = platformFor({ logLevel: "debug" });
    const { clock, logger } = this.#platform;
    const write = config.logCreator?.(level) ?? writerTo(logger);
    this.#logger = createLogger({ level, write, nowMs: () => clock.nowMs() });
  }

  producer(config: ProducerConfig = {}): Producer {
    return new Producer(this.#context("Producer"), config);
  }

  consumer(config: ConsumerConfig): Consumer {
    return new Consumer(this.#context("Consumer"), config);
  }

  admin(config: { readonly retry?: RetryOptions } = {}): Admin {
    return new Admin(this.#context("Admin"), config);
  }

  logger(): Logger {
    return this.#logger;
  }

  #context(name: string): FacadeContext {
    const logger = this.#logger.namespace(name);
    const platform = { ...platformFor({ logLevel: "off" }), logger: platformLogger(logger) };
    return {
      clock: platform.clock,
      logger,
      retry: this.#config.retry,
      open: async ({ retry, metadataMaxAge }) => {
        const options = await clientOptionsOf(this.#config, retry);
        const age = metadataMaxAge === undefined ? {} : { metadataMaxAgeMs: metadataMaxAge };
        return new Client({ ...options, ...age }, platform);
      },
    };
  }
}

/** Writes lines as the client does, on the standard error output. */
function writerTo(logger: PlatformLogger): (entry: LogEntry) => void {
  return ({ namespace, level, log }) => {
    const { message, timestamp: _, ...fields } = log;
    const named = logger.child(`kafkajs.${namespace}`);
    if (level === logLevel.ERROR) named.error(message, fields);
    else if (level === logLevel.WARN) named.warn(message, fields);
    else if (level === logLevel.INFO) named.info(message, fields);
    else named.debug(message, fields);
  };
}
