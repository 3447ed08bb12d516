import type { Connection, Platform } from "@millrace/platform";
import type { BrokerId } from "@millrace/protocol";
import { asKafkaError, KafkaError } from "../errors/kafka-error.ts";
import type { HostPort, ResolvedClientOptions } from "../options/resolved-options.ts";
import { BrokerConnection } from "./broker-connection.ts";
import { FrameMemory } from "./frame-memory.ts";
import { sharedReadBuffer } from "./frame-reader.ts";
import { negotiate } from "./negotiate.ts";
import type { OpenConnection } from "./open-connection.ts";

/** Where to connect, and how patiently. */
export interface OpenTarget extends HostPort {
  readonly node: BrokerId;
  readonly setupTimeoutMs: number;
}

/** Makes connections ready for requests: TCP, TLS, versions, authentication. */
export class ConnectionOpener {
  readonly #platform: Platform;
  readonly #options: ResolvedClientOptions;
  readonly #memory = new FrameMemory();
  readonly #shared = sharedReadBuffer();

  constructor(platform: Platform, options: ResolvedClientOptions) {
    this.#platform = platform;
    this.#options = options;
  }

  /** @throws KafkaError NETWORK_EXCEPTION, TLS_HANDSHAKE_FAILED, SASL_AUTHENTICATION_FAILED … */
  async open(target: OpenTarget): Promise<OpenConnection> {
    const connection = this.#wrap(await this.#connect(target), target);
    try {
      return await this.#greet(connection);
    } catch (error) {
      const what = `greeting ${addressOf(target)} failed`;
      const failure = asKafkaError(error, "NETWORK_EXCEPTION", { what, node: target.node });
      connection.close(failure);
      throw failure;
    }
  }

  async #connect(target: OpenTarget): Promise<Connection> {
    const { host, port, setupTimeoutMs } = target;
    try {
      return await this.#platform.network.connect({ host, port, timeoutMs: setupTimeoutMs });
    } catch (error) {
      throw asKafkaError(error, "NETWORK_EXCEPTION", {
        what: `broker ${target.node} cannot be reached`,
        hint: "",
        node: target.node,
      });
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
    });
  }

  async #greet(connection: BrokerConnection): Promise<OpenConnection> {
    const { clock } = this.#platform;
    const timeoutMs = this.#options.requestTimeoutMs;
    const table = await negotiate({ connection, clock, timeoutMs });
    connection.trust();
    if (!connection.isOpen) throw new KafkaError("NETWORK_EXCEPTION", "the connection was lost");
    return { connection, table, renewAtMs: Number.POSITIVE_INFINITY, renew: undefined };
  }
}

function addressOf({ host, port }: HostPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
