import {
  type Clock,
  type FileSystem,
  type Logger,
  MillraceError,
  type Network,
  type Timer,
  type TlsServerOptions,
} from "@millrace/platform";

import type { BrokerConfig, DynamicBrokerConfig, ListenerConfig } from "../config/index.ts";
import { readTlsOptions, tlsFiles } from "../security/tls-options.ts";

/** What the certificates of a broker's listeners are kept with. */
export interface ListenerTlsOptions {
  readonly dynamicConfig: DynamicBrokerConfig;
  readonly fileSystem: FileSystem;
  readonly network: Pick<Network, "checkTls">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who listens: takes other certificates for connections from now on. */
export interface TlsListeners {
  updateTls(name: string, tls: TlsServerOptions): void;
}

/**
 * The certificates of the listeners that encrypt: read at start, and again when the metadata
 * changes
 * the configuration (KIP-226) or a file changes. What cannot be used is refused where somebody asks
 * for it, and leaves the old certificates in force where a file brings it.
 */
export class ListenerTls {
  readonly #options: ListenerTlsOptions;
  /** Size and time of each listener's files when they were read last. */
  readonly #stamps = new Map<string, string>();
  #timer: Timer | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: ListenerTlsOptions) {
    this.#options = options;
    options.dynamicConfig.addCheck((config) => this.#problemWith(config));
  }

  /**
   * Reads a listener's certificates; undefined for one that does not encrypt.
   * @throws SecurityConfigurationError when they cannot be read or trusted.
   */
  read(listener: ListenerConfig): TlsServerOptions | undefined {
    if (listener.tls === undefined) return undefined;
    this.#stamps.set(listener.name, this.#stampOf(listener));
    const { fileSystem, dynamicConfig } = this.#options;
    const { millraceAuthenticationTimeoutMs } = dynamicConfig.current;
    return readTlsOptions(listener.tls, fileSystem, millraceAuthenticationTimeoutMs);
  }

  /** Keeps the listeners' certificates as configuration and files have them, until `close`. */
  follow(listeners: TlsListeners): void {
    const { dynamicConfig } = this.#options;
    this.#stopListening = dynamicConfig.onChange((config) => {
      for (const listener of config.listeners) this.#reload(listener, listeners);
    });
    this.#schedule(listeners);
  }

  /** Follows no more. Idempotent. */
  close(): void {
    this.#stopListening?.();
    this.#timer?.cancel();
  }

  #problemWith(config: BrokerConfig): string | undefined {
    for (const listener of config.listeners) {
      try {
        const tls = this.read(listener);
        const problem = tls === undefined ? undefined : this.#options.network.checkTls(tls);
        if (problem !== undefined) return `listener ${listener.name}: ${problem}`;
      } catch (error) {
        if (!(error instanceof MillraceError)) throw error;
        return `listener ${listener.name}: ${error.message}`;
      }
    }
    return undefined;
  }

  #schedule(listeners: TlsListeners): void {
    const { clock, dynamicConfig } = this.#options;
    const { current } = dynamicConfig;
    const files = current.listeners.flatMap(({ tls }) => (tls === undefined ? [] : tlsFiles(tls)));
    const intervalMs = current.millraceSslReloadIntervalMs;
    const encrypts = current.listeners.some(({ tls }) => tls !== undefined);
    if (intervalMs === 0 || !encrypts) return;
    this.#timer = clock.setTimer(intervalMs, () => {
      if (files.length > 0) this.#reloadChanged(listeners);
      this.#schedule(listeners);
    });
  }

  #reloadChanged(listeners: TlsListeners): void {
    for (const listener of this.#options.dynamicConfig.current.listeners) {
      if (listener.tls === undefined) continue;
      if (this.#stamps.get(listener.name) !== this.#stampOf(listener)) {
        this.#reload(listener, listeners);
      }
    }
  }

  #reload(listener: ListenerConfig, listeners: TlsListeners): void {
    const { logger } = this.#options;
    const { name } = listener;
    try {
      const tls = this.read(listener);
      if (tls === undefined) return;
      listeners.updateTls(name, tls);
      logger.debug("certificates are read again", { listener: name });
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      const advice = "the old ones stay in force";
      logger.error("certificates cannot be used", { listener: name, error, advice });
    }
  }

  #stampOf({ tls }: ListenerConfig): string {
    if (tls === undefined) return "";
    const stats = tlsFiles(tls).map((path) => {
      const stat = this.#options.fileSystem.stat(path);
      return stat === undefined ? "absent" : `${stat.modifiedMs}:${stat.sizeBytes}`;
    });
    return stats.join(" ");
  }
}
