import { type AdvertisedApi, apiVersionsHandler } from "./18-api-versions.ts";
import { bind, type BoundHandler } from "./bound-handler.ts";

/** Produce is shown from version 0 on, though 0-2 are refused: librdkafka asks so (KAFKA-18659). */
const advertisedFirstVersions: ReadonlyMap<number, number> = new Map([[0, 0]]);

/** The handlers of a listener by API key: the one list that dispatch and ApiVersions follow. */
export class ApiTable {
  readonly #handlers: (BoundHandler | undefined)[] = [];
  /** What ApiVersions shows, by key. */
  readonly advertised: readonly AdvertisedApi[];

  constructor(handlers: readonly BoundHandler[]) {
    const all = [...handlers, bind(apiVersionsHandler(() => this.advertised))];
    for (const handler of all) this.#handlers[handler.api.key] = handler;
    this.advertised = [...this.handlers()].map(show);
  }

  /** The handler of an API key; undefined for one that is not served. */
  handler(apiKey: number): BoundHandler | undefined {
    return this.#handlers[apiKey];
  }

  /** Every handler, by key. */
  *handlers(): Iterable<BoundHandler> {
    for (const handler of this.#handlers) if (handler !== undefined) yield handler;
  }
}

function show(handler: BoundHandler): AdvertisedApi {
  const { key } = handler.api;
  return {
    apiKey: key,
    minVersion: advertisedFirstVersions.get(key) ?? handler.firstVersion,
    maxVersion: handler.lastVersion,
  };
}
