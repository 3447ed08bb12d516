import type { Clock, Connection, Logger } from "@millrace/platform";
import { type BrokerId, ProtocolError, Reader } from "@millrace/protocol";
import { asKafkaError, KafkaError } from "../errors/kafka-error.ts";
import type { ClientMetrics } from "../telemetry/client-metrics.ts";
import type { Exchange } from "./exchange.ts";
import type { FrameMemory } from "./frame-memory.ts";
import { type Frame, FrameReader } from "./frame-reader.ts";

/** Until a broker has said what it is, it may not send more than this at once. */
const greetingBytesMax = 1024 * 1024;
/** Four letters of another protocol's greeting announce more than this. */
const frameBytesMax = 1024 * 1024 * 1024;
const correlationIdMax = 0x7fff_ffff;

/** What a connection works with. */
export interface BrokerConnectionOptions {
  readonly socket: Connection;
  readonly node: BrokerId;
  readonly address: string;
  readonly clientId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly memory: FrameMemory;
  readonly shared: Buffer;
  readonly metrics: ClientMetrics;
}

interface InFlight {
  readonly exchange: Exchange;
  readonly version: number;
  readonly correlationId: number;
  readonly sentMs: number;
}

/**
 * One connection to a broker: requests go out as they come, answers come back in the same order.
 * A request that times out, an answer that cannot be read or belongs to another request: each
 * closes
 * it, since nothing behind can be trusted to be what it seems.
 */
export class BrokerConnection {
  readonly node: BrokerId;
  /** Called once, with why. Set by the owner. */
  onClosed: ((error: KafkaError) => void) | undefined;
  /** Called after each answer, with how long the broker wants to be left alone. */
  onAnswered: ((throttleTimeMs: number) => void) | undefined;
  /** When something was last sent or received. */
  lastUsedMs: number;
  readonly #options: BrokerConnectionOptions;
  readonly #reader: FrameReader;
  readonly #inFlight: InFlight[] = [];
  /** Index of the oldest in `#inFlight`; those before are answered. */
  #head = 0;
  #correlationId = 0;
  #closedBy: KafkaError | undefined;

  constructor(options: BrokerConnectionOptions) {
    const { socket } = options;
    this.#options = options;
    this.node = options.node;
    this.lastUsedMs = options.clock.monotonicMs();
    this.#reader = new FrameReader({
      memory: options.memory,
      shared: options.shared,
      frameBytesMax: greetingBytesMax,
      onFrame: (frame) => this.#take(frame),
      onError: (error) => this.close(error),
    });
    options.metrics.connectionsMade.add(1);
    socket.receiveInto(this.#reader);
    socket.onClose((error) => this.close(this.#lost(error)));
  }

  get isOpen(): boolean {
    return this.#closedBy === undefined;
  }

  /** Requests that were sent and not answered. */
  inFlightCount(): number {
    return this.#inFlight.length - this.#head;
  }

  /** Takes large answers from now on: the broker has shown what it is. */
  trust(): void {
    this.#reader.frameBytesMax = frameBytesMax;
  }

  /** Sends a request. What goes wrong is told to the exchange. */
  transmit(exchange: Exchange, version: number): void {
    if (this.#closedBy !== undefined) {
      exchange.failed(this.#closedBy);
      return;
    }
    const correlationId = this.#correlationId;
    const chunks = this.#encode(exchange, version, correlationId);
    if (chunks === undefined) return;
    this.#correlationId = correlationId === correlationIdMax ? 0 : correlationId + 1;
    const sentMs = this.#options.clock.monotonicMs();
    this.lastUsedMs = sentMs;
    this.#options.socket.write(chunks);
    this.#options.metrics.requests.add(1);
    this.#options.metrics.sentBytes.add(sizeOf(chunks));
    if (exchange.noAnswer) {
      exchange.sent(version, this.node);
      return;
    }
    this.#inFlight.push({ exchange, version, correlationId, sentMs });
    exchange.onTimeout = () => this.#timedOut(exchange);
  }

  /** Closes at once; what is in flight fails with the error. */
  close(error: KafkaError): void {
    if (this.#closedBy !== undefined) return;
    this.#closedBy = error;
    this.#options.metrics.connectionsClosed.add(1);
    this.#options.socket.destroy();
    const left = this.#inFlight.slice(this.#head);
    this.#inFlight.length = 0;
    this.#head = 0;
    for (const { exchange } of left) exchange.failed(inPlace(error, exchange, this.node));
    this.onClosed?.(error);
  }

  /** Sends what is queued, then closes; nothing may be in flight. */
  end(): void {
    if (this.#closedBy !== undefined) return;
    this.#closedBy = new KafkaError("NETWORK_EXCEPTION", "the connection was closed");
    this.#options.metrics.connectionsClosed.add(1);
    this.#options.socket.end();
    this.onClosed?.(this.#closedBy);
  }

  #encode(
    exchange: Exchange,
    version: number,
    correlationId: number,
  ): readonly Uint8Array[] | undefined {
    try {
      return exchange.encode(version, correlationId, this.#options.clientId);
    } catch (error) {
      const { name } = exchange.api;
      const what = `${name} version ${version} cannot carry what was given`;
      exchange.failed(asKafkaError(error, "INVALID_ARGUMENT", { what, api: name }));
      return undefined;
    }
  }

  #take(frame: Frame): void {
    const first = this.#inFlight[this.#head];
    const correlationId = new Reader(frame.bytes).int32();
    if (first === undefined || first.correlationId !== correlationId) {
      const expected = first === undefined ? "none" : String(first.correlationId);
      const message = `an answer has the correlation id ${correlationId}, expected was ${expected}`;
      this.close(new KafkaError("MALFORMED_ANSWER", message, { node: this.node }));
      return;
    }
    this.#shift();
    this.lastUsedMs = this.#options.clock.monotonicMs();
    this.#options.metrics.answered(this.lastUsedMs - first.sentMs, frame.bytes.length);
    try {
      const throttleTimeMs = first.exchange.answered(frame, first.version, this.node);
      this.onAnswered?.(throttleTimeMs);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const { name } = first.exchange.api;
      const what = `the answer to ${name} version ${first.version} cannot be read`;
      const place = { what, api: name, node: this.node };
      const malformed = asKafkaError(error, "MALFORMED_ANSWER", place);
      first.exchange.failed(malformed);
      this.close(malformed);
    }
  }

  #shift(): void {
    this.#head += 1;
    // Moving the array's rest for every answer would cost more than it saves.
    if (this.#head < 32 && this.#head < this.#inFlight.length) return;
    this.#inFlight.splice(0, this.#head);
    this.#head = 0;
  }

  #timedOut(exchange: Exchange): void {
    if (!this.#inFlight.some((one) => one.exchange === exchange)) return;
    const { address, logger, metrics } = this.#options;
    metrics.timeouts.add(1);
    const { name } = exchange.api;
    const message = `${name} got no answer from ${address} in time`;
    const place = { api: name, node: this.node };
    exchange.failed(new KafkaError("REQUEST_TIMED_OUT", message, place));
    logger.info("a request timed out: its connection is closed", { ...place, address });
    this.close(
      new KafkaError(
        "NETWORK_EXCEPTION",
        `the connection to ${address} was closed since ${message}`,
      ),
    );
  }

  #lost(cause: Error | undefined): KafkaError {
    const said = cause === undefined ? "was closed by the broker" : `was lost: ${cause.message}`;
    const message = `the connection to ${this.#options.address} ${said}`;
    // With TLS 1.3 a broker refuses our certificate after the handshake is done for us.
    const isTls =
      cause !== undefined && "code" in cause && String(cause.code).startsWith("ERR_SSL_");
    const code = isTls ? "TLS_HANDSHAKE_FAILED" : "NETWORK_EXCEPTION";
    return new KafkaError(code, message, { node: this.node, cause });
  }
}

/** The error of one of several requests that ended with their connection. */
function inPlace(error: KafkaError, exchange: Exchange, node: BrokerId): KafkaError {
  const { name } = exchange.api;
  const message = `${name} was not answered: ${error.reason}`;
  return new KafkaError(error.code, message, { api: name, node, cause: error });
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  let sizeBytes = 0;
  for (const chunk of chunks) sizeBytes += chunk.length;
  return sizeBytes;
}
