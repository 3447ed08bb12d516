import type { Connection } from "@millrace/platform";
import type { SimPlatform } from "@millrace/platform/sim";
import {
  type ApiSchema,
  apiSchemas,
  ApiVersions,
  decodeRequestBody,
  decodeRequestHeader,
  encodeResponse,
  errorCodes,
  requestCodec,
  type RequestOf,
  type ResponseInput,
  type Versions,
  versionsOf,
} from "@millrace/protocol";

/** What a handler may know of a request. */
export interface ScriptContext {
  readonly version: number;
  readonly clientId: string | null;
  readonly broker: ScriptedBroker;
  readonly connection: Connection;
}

/** Answers a request; undefined for no answer at all. */
export type ScriptHandler<A extends ApiSchema> = (
  request: RequestOf<A>,
  context: ScriptContext,
) => ResponseInput<A> | undefined | Promise<ResponseInput<A> | undefined>;

/** A request that came. */
export interface SeenRequest {
  readonly api: string;
  readonly version: number;
  readonly body: unknown;
  readonly atMs: number;
  readonly connection: Connection;
}

type Respond = (
  frame: Buffer,
  context: ScriptContext,
) => Promise<readonly Uint8Array[] | undefined>;

const prefixBytes = 4;

/**
 * A broker on the simulated network that does what a test says: it decodes real frames and answers
 * in order, one after the other per connection, as a real broker does.
 */
export class ScriptedBroker {
  readonly platform: SimPlatform;
  readonly id: number;
  readonly port: number;
  /** Every request that came, in order. */
  readonly seen: SeenRequest[] = [];
  readonly connections = new Set<Connection>();
  /** Versions by API key; those of the schemas where nothing is said. */
  readonly versions = new Map<number, Versions>();
  features: readonly { readonly name: string; readonly level: number }[] = [];
  /** Requests are taken in and never answered. */
  isFrozen = false;
  readonly #handlers = new Map<number, Respond>();
  #listener: { close(): Promise<void> } | undefined;

  constructor(platform: SimPlatform, id: number, port: number) {
    this.platform = platform;
    this.id = id;
    this.port = port;
    this.on(ApiVersions, (_request, { version }) => this.#apiVersions(version));
  }

  get host(): string {
    return this.platform.host;
  }

  /** Says how requests of an API are answered from now on. */
  on<A extends ApiSchema>(api: A, handler: ScriptHandler<A>): this {
    this.#handlers.set(api.key, async (frame, context) => {
      const header = decodeRequestHeader(frame);
      // The version may be one that only the refusal of ApiVersions speaks of.
      const { last } = versionsOf(api);
      const apiVersion = Math.min(header.apiVersion, last);
      const request = decodeRequestBody(api, { ...header, api, apiVersion }, frame);
      const body = await handler(request, context);
      if (body === undefined) return undefined;
      const { correlationId } = header;
      return encodeResponse(api, answerVersion(api, apiVersion, body), { correlationId, body });
    });
    return this;
  }

  /** Begins to listen. */
  async start(): Promise<void> {
    this.#listener = await this.platform.network.listen(
      { host: this.host, port: this.port },
      (connection) => this.#accept(connection),
    );
  }

  /** Closes its port and every connection. */
  async stop(): Promise<void> {
    await this.#listener?.close();
    this.disconnect();
  }

  /** Closes every connection; the port stays open. */
  disconnect(): void {
    for (const connection of this.connections) connection.destroy();
  }

  /** Names of the APIs of the requests that came, without ApiVersions. */
  apisSeen(): readonly string[] {
    return this.seen.map(({ api }) => api).filter((api) => api !== ApiVersions.name);
  }

  /** The requests of one API that came, decoded. */
  requestsOf<A extends ApiSchema>(api: A): readonly RequestOf<A>[] {
    return this.seen.filter((one) => one.api === api.name).map((one) => one.body as RequestOf<A>);
  }

  #accept(connection: Connection): void {
    this.connections.add(connection);
    let bytes = Buffer.alloc(0);
    let queue = Promise.resolve();
    connection.onClose(() => this.connections.delete(connection));
    connection.onData((more) => {
      bytes = Buffer.concat([bytes, more]);
      while (bytes.length >= prefixBytes) {
        const end = prefixBytes + bytes.readInt32BE(0);
        if (bytes.length < end) return;
        const frame = Buffer.from(bytes.subarray(prefixBytes, end));
        bytes = bytes.subarray(end);
        queue = queue.then(() => this.#serve(frame, connection));
      }
    });
    connection.resume();
  }

  async #serve(frame: Buffer, connection: Connection): Promise<void> {
    const { api, apiVersion, clientId } = decodeRequestHeader(frame);
    const { first, last } = this.#versionsOf(api);
    const isKnown = apiVersion >= first && apiVersion <= last;
    const readable = Math.min(apiVersion, versionsOf(api).last);
    const header = { ...decodeRequestHeader(frame), apiVersion: readable };
    this.seen.push({
      api: api.name,
      version: apiVersion,
      body: requestCodec(api, readable) && decodeRequestBody(api, header, frame),
      atMs: this.platform.clock.monotonicMs(),
      connection,
    });
    if (this.isFrozen) return;
    if (!isKnown && api.key !== ApiVersions.key) {
      connection.destroy();
      return;
    }
    const handler = this.#handlers.get(api.key);
    if (handler === undefined) throw new Error(`the script has no answer to ${api.name}`);
    const context = { version: apiVersion, clientId, broker: this, connection };
    const answer = await handler(frame, context);
    if (answer !== undefined) connection.write(answer);
  }

  #versionsOf(api: ApiSchema): Versions {
    return this.versions.get(api.key) ?? versionsOf(api);
  }

  #apiVersions(version: number): ResponseInput<typeof ApiVersions> {
    const apiKeys = [...apiSchemas.values()]
      .filter((api) => this.#handlers.has(api.key))
      .map((api) => {
        const { first, last } = this.#versionsOf(api);
        return { apiKey: api.key, minVersion: first, maxVersion: last };
      });
    const { first, last } = this.#versionsOf(ApiVersions);
    if (version < first || version > last) {
      const own = apiKeys.filter(({ apiKey }) => apiKey === ApiVersions.key);
      return { errorCode: errorCodes.UNSUPPORTED_VERSION, apiKeys: own };
    }
    return {
      errorCode: errorCodes.NONE,
      apiKeys,
      finalizedFeatures: this.features.map(({ name, level }) => ({
        name,
        maxVersionLevel: level,
        minVersionLevel: level,
      })),
    };
  }
}

/** KIP-511: the refusal of ApiVersions comes in version 0. */
function answerVersion(api: ApiSchema, version: number, body: object): number {
  const isRefusal =
    api.key === ApiVersions.key &&
    "errorCode" in body &&
    body.errorCode === errorCodes.UNSUPPORTED_VERSION;
  return isRefusal ? 0 : version;
}
