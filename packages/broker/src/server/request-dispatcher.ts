import { AssertionError, type Clock, type Logger } from "@millrace/platform";
import {
  ApiVersions,
  errorCodes,
  ProtocolError,
  Reader,
  type ResponseInput,
} from "@millrace/protocol";

import type { ApiTable } from "../api/api-table.ts";
import { type BoundHandler, encodeAnswer, type RequestHeader } from "../api/bound-handler.ts";
import type { ClientInfo, ConnectionFacts, RequestContext } from "../api/request-context.ts";
import type { Principal } from "../security/principal.ts";
import type { BrokerServices } from "../services.ts";
import type { Answer, FrameDispatcher } from "./answer.ts";
import type { RequestMetrics } from "./request-metrics.ts";

/** What a dispatcher works with. */
export interface RequestDispatcherOptions {
  readonly table: ApiTable;
  readonly services: BrokerServices;
  readonly client: ClientInfo;
  readonly metrics: RequestMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A request between its header and its answer. */
interface Exchange {
  readonly header: RequestHeader;
  readonly handler: BoundHandler;
  readonly context: Context;
  readonly startedMs: number;
}

/** The version in which an ApiVersions request of an unknown version is answered. */
const apiVersionsFallback = 0;

/** Reads requests of one connection, hands them to their handlers and writes the answers. */
export class RequestDispatcher implements FrameDispatcher {
  #options: RequestDispatcherOptions;
  readonly #connection: ConnectionFacts = { software: undefined };

  constructor(options: RequestDispatcherOptions) {
    this.#options = options;
  }

  /** Requests from now on are this one's. */
  identify(principal: Principal): void {
    const { client } = this.#options;
    this.#options = { ...this.#options, client: { ...client, principal } };
  }

  mayOverlap(frame: Buffer): boolean {
    if (frame.length < 2) return false;
    return this.#options.table.handler(frame.readInt16BE(0))?.overlaps === true;
  }

  memoryOf(frame: Buffer): number {
    if (frame.length < 2) return 0;
    const memory = this.#options.table.handler(frame.readInt16BE(0))?.memory;
    return memory === undefined ? 0 : memory.baseBytes + memory.perFrameByte * frame.length;
  }

  dispatch(frame: Buffer, onSettled: () => void): Answer | Promise<Answer> {
    try {
      const reader = new Reader(frame);
      const header = readHeader(reader);
      const handler = this.#options.table.handler(header.apiKey);
      if (handler === undefined) return close(`API key ${header.apiKey} is not served`);
      if (header.apiVersion < handler.firstVersion || header.apiVersion > handler.lastVersion) {
        return this.#refuseVersion(header, handler);
      }
      return this.#handle(reader, {
        header,
        handler,
        context: new Context(this.#options, header, {
          apiName: handler.api.name,
          connection: this.#connection,
          frameBytes: frame.length,
          onSettled,
        }),
        startedMs: this.#options.clock.monotonicMs(),
      });
    } catch (error) {
      return this.#fail(error);
    }
  }

  closed(): void {
    const { telemetry, sharePartitions } = this.#options.services;
    telemetry.disconnected(this.#connection);
    sharePartitions.disconnected(this.#connection);
  }

  #handle(reader: Reader, exchange: Exchange): Answer | Promise<Answer> {
    const { header, handler, context } = exchange;
    const chunks = handler.answer(header, reader, context);
    if (!(chunks instanceof Promise)) return this.#finish(chunks, exchange);
    return chunks.then(
      (known) => this.#finish(known, exchange),
      (error: unknown) => this.#fail(error, exchange),
    );
  }

  #finish(chunks: readonly Uint8Array[], exchange: Exchange): Answer {
    const { header, context, startedMs } = exchange;
    this.#options.metrics.record(header.apiKey, this.#options.clock.monotonicMs() - startedMs);
    if (context.closeReason !== undefined) return close(context.closeReason);
    const muteMs = context.quota?.throttleMs ?? 0;
    if (context.isSilenced) return { kind: "silent", muteMs };
    const { releases } = context;
    if (releases.length === 0) return { kind: "send", chunks, muteMs };
    return {
      kind: "send",
      chunks,
      muteMs,
      onSent: () => {
        for (const release of releases) release();
      },
    };
  }

  #refuseVersion(header: RequestHeader, handler: BoundHandler): Answer {
    const { api } = handler;
    if (api.key !== ApiVersions.key) {
      return close(`${api.name} version ${header.apiVersion} is not served`);
    }
    const response: ResponseInput<typeof ApiVersions> = {
      errorCode: errorCodes.UNSUPPORTED_VERSION,
      apiKeys: this.#options.table.advertised.filter(({ apiKey }) => apiKey === api.key),
    };
    const asFallback = { ...header, apiVersion: apiVersionsFallback };
    return { kind: "send", chunks: encodeAnswer(ApiVersions, asFallback, response) };
  }

  #fail(error: unknown, exchange?: Exchange): Answer {
    // A broken invariant stops the process; whatever else goes wrong ends this connection only.
    if (error instanceof AssertionError) throw error;
    for (const release of exchange?.context.releases ?? []) release();
    if (error instanceof ProtocolError) return close(`malformed request: ${error.message}`);
    this.#options.logger.error("a request failed", {
      api: exchange?.handler.api.name,
      version: exchange?.header.apiVersion,
      clientId: exchange?.header.clientId,
      error,
    });
    return close("the request failed");
  }
}

class Context implements RequestContext {
  readonly services: BrokerServices;
  readonly image: RequestContext["image"];
  readonly apiName: string;
  readonly apiVersion: number;
  readonly clientId: string | null;
  readonly client: ClientInfo;
  readonly quota: RequestContext["quota"];
  readonly connection: ConnectionFacts;
  readonly #onSettled: () => void;
  isSilenced = false;
  closeReason: string | undefined;
  readonly releases: (() => void)[] = [];

  constructor(
    options: RequestDispatcherOptions,
    header: RequestHeader,
    exchange: {
      readonly apiName: string;
      readonly connection: ConnectionFacts;
      readonly frameBytes: number;
      readonly onSettled: () => void;
    },
  ) {
    this.services = options.services;
    this.image = options.services.image();
    this.apiName = exchange.apiName;
    this.apiVersion = header.apiVersion;
    this.clientId = header.clientId;
    this.client = options.client;
    const { principal } = options.client;
    this.quota = options.services.quotas.begin(
      principal.name,
      header.clientId,
      exchange.frameBytes,
    );
    this.connection = exchange.connection;
    this.#onSettled = exchange.onSettled;
  }

  settle(): void {
    this.#onSettled();
  }

  silence(): void {
    this.isSilenced = true;
    this.quota?.silence();
  }

  closeConnection(reason: string): void {
    this.closeReason = reason;
  }

  onSent(release: () => void): void {
    this.releases.push(release);
  }
}

function close(reason: string): Answer {
  return { kind: "close", reason };
}

/** Reads what stands before a request's body. @throws ProtocolError when it is cut off. */
export function readHeader(reader: Reader): RequestHeader {
  const apiKey = reader.int16();
  const apiVersion = reader.int16();
  const correlationId = reader.int32();
  const clientIdBytes = reader.int16();
  const clientId = clientIdBytes < 0 ? null : reader.text(clientIdBytes);
  return { apiKey, apiVersion, correlationId, clientId };
}
