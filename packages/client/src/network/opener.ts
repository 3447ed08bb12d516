import {
  type Connection,
  NetworkError,
  type Platform,
  type TlsClientOptions,
} from "@millrace/platform";
import type { BrokerId } from "@millrace/protocol";
import { asKafkaError, KafkaError } from "../errors/kafka-error.ts";
import type { HostPort, ResolvedClientOptions } from "../options/resolved-options.ts";
import { abortedError } from "../retry/wait.ts";
import type { ClientMetrics } from "../telemetry/client-metrics.ts";
import { BrokerConnection } from "./broker-connection.ts";
import { FrameMemory } from "./frame-memory.ts";
import { sharedReadBuffer } from "./frame-reader.ts";
import { negotiate } from "./negotiate.ts";
import { authenticate } from "./sasl/authenticate.ts";
import { mechanismOf } from "./sasl/mechanism-of.ts";
import type { SaslMechanism } from "./sasl/sasl-mechanism.ts";
import { readTlsOptions } from "./tls.ts";
import type { OpenConnection } from "./open-connection.ts";

/** Where to connect, and how patiently. */
export interface OpenTarget extends HostPort {
  readonly node: BrokerId;
  readonly setupTimeoutMs: number;
  /** Ends it: whatever has been begun is closed. */
  readonly signal: AbortSignal;
}

/** Makes connections ready for requests: TCP, TLS, versions, authentication. */
export class ConnectionOpener {
  readonly #platform: Platform;
  readonly #options: ResolvedClientOptions;
  readonly #metrics: ClientMetrics;
  readonly #memory = new FrameMemory();
  readonly #shared = sharedReadBuffer();
  readonly #mechanism: SaslMechanism | undefined;
  #tls: TlsClientOptions | undefined;

  constructor(platform: Platform, options: ResolvedClientOptions, metrics: ClientMetrics) {
    this.#platform = platform;
    this.#metrics = metrics;
    this.#options = options;
    this.#mechanism = options.sasl === undefined ? undefined : mechanismOf(options.sasl, platform);
  }

  /** @throws KafkaError NETWORK_EXCEPTION, TLS_HANDSHAKE_FAILED, SASL_AUTHENTICATION_FAILED … */
  async open(target: OpenTarget): Promise<OpenConnection> {
    const { signal } = target;
    const connection = this.#wrap(await this.#connect(target), target);
    const onEnd = (): void => connection.close(abortedError(signal, "connecting"));
    signal.addEventListener("abort", onEnd, { once: true });
    try {
      return await this.#greet(connection);
    } catch (error) {
      const what = `greeting ${addressOf(target)} failed`;
      const failure = asKafkaError(error, "NETWORK_EXCEPTION", { what, node: target.node });
      connection.close(failure);
      throw failure;
    } finally {
      signal.removeEventListener("abort", onEnd);
    }
  }

  async #connect(target: OpenTarget): Promise<Connection> {
    const { host, port, setupTimeoutMs: timeoutMs, signal } = target;
    const { network, fileSystem } = this.#platform;
    const { tls } = this.#options;
    if (tls !== undefined) this.#tls ??= readTlsOptions(tls, fileSystem);
    try {
      const secure = this.#tls === undefined ? {} : { tls: this.#tls };
      return await network.connect({ host, port, timeoutMs, signal, ...secure });
    } catch (error) {
      const isTls = error instanceof NetworkError && error.systemCode.startsWith("TLS_");
      const code = isTls ? "TLS_HANDSHAKE_FAILED" : "NETWORK_EXCEPTION";
      const what = `broker ${target.node} cannot be reached`;
      throw asKafkaError(error, code, { what, node: target.node });
    }
  }

  #wrap(socket: Connection, target: OpenTarget): BrokerConnection {
    return new BrokerConnection({
      socket,
      node: target.node,
      address: addressOf(target),
      clientId: this.#options.clientId,
      clock: this.#platform.clock,
      logger: this.#platform.logger,
      memory: this.#memory,
      shared: this.#shared,
      metrics: this.#metrics,
    });
  }

  async #greet(connection: BrokerConnection): Promise<OpenConnection> {
    const { clock } = this.#platform;
    const timeoutMs = this.#options.requestTimeoutMs;
    const table = await negotiate({ connection, clock, timeoutMs });
    const mechanism = this.#mechanism;
    const { random } = this.#platform;
    const prove = (): Promise<number> =>
      mechanism === undefined
        ? Promise.resolve(Number.POSITIVE_INFINITY)
        : authenticate({ connection, clock, timeoutMs, table, mechanism, random });
    const renewalMs = await prove();
    connection.trust();
    if (!connection.isOpen) throw new KafkaError("NETWORK_EXCEPTION", "the connection was lost");
    return {
      connection,
      table,
      renewAtMs: clock.monotonicMs() + renewalMs,
      renew: async (open) => {
        open.renewAtMs = clock.monotonicMs() + (await prove());
      },
    };
  }
}

function addressOf({ host, port }: HostPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
