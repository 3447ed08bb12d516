import type { Clock } from "@millrace/platform";
import {
  type ApiSchema,
  ApiVersions,
  type BrokerId,
  errorCodes,
  Reader,
  type ResponseOf,
  type Versions,
} from "@millrace/protocol";
import { errorFromCode } from "../errors/kafka-error.ts";
import { clientSoftwareName, clientVersion } from "../version.ts";
import type { ApiTable } from "./api-table.ts";
import { clientVersionsOf } from "./api-table.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import { Call } from "./call.ts";
import type { Exchange } from "./exchange.ts";
import type { Frame } from "./frame-reader.ts";

/** What a question before the first real request is asked with. */
export interface AskOptions {
  readonly connection: BrokerConnection;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/**
 * Asks a broker what it speaks. One that does not know our version of the question says so in
 * version 0 and tells which it knows (KIP-511); then it is asked again.
 * @throws KafkaError
 */
export async function negotiate(ask: AskOptions): Promise<ApiTable> {
  let version = clientVersionsOf(ApiVersions).last;
  for (;;) {
    const body = await askVersions(ask, version);
    if (body.errorCode === errorCodes.NONE) return tableOf(body);
    const told = body.apiKeys.find(({ apiKey }) => apiKey === ApiVersions.key);
    const next = Math.min(version - 1, told?.maxVersion ?? 0);
    if (body.errorCode !== errorCodes.UNSUPPORTED_VERSION || version === 0) {
      throw errorFromCode(body.errorCode, { api: ApiVersions.name, node: ask.connection.node });
    }
    version = Math.max(next, 0);
  }
}

async function askVersions(
  { connection, clock, timeoutMs }: AskOptions,
  version: number,
): Promise<ResponseOf<typeof ApiVersions>> {
  const request = { clientSoftwareName, clientSoftwareVersion: clientVersion };
  const call = new Call({ clock, api: ApiVersions, request, timeoutMs, options: {} });
  connection.transmit(new VersionsExchange(call), version);
  return (await call.answer).body;
}

const errorCodePosition = 4;

/** ApiVersions whose refusal comes in version 0, whatever was asked. */
class VersionsExchange implements Exchange {
  readonly api: ApiSchema = ApiVersions;
  readonly minVersion = undefined;
  readonly maxVersion = undefined;
  readonly noAnswer = false;
  readonly #call: Call<typeof ApiVersions>;

  constructor(call: Call<typeof ApiVersions>) {
    this.#call = call;
  }

  get isSettled(): boolean {
    return this.#call.isSettled;
  }

  set onTimeout(action: (() => void) | undefined) {
    this.#call.onTimeout = action;
  }

  encode(version: number, correlationId: number, clientId: string): readonly Uint8Array[] {
    return this.#call.encode(version, correlationId, clientId);
  }

  answered(frame: Frame, version: number, node: BrokerId): number {
    const reader = new Reader(frame.bytes, errorCodePosition);
    const isRefused = reader.int16() === errorCodes.UNSUPPORTED_VERSION;
    return this.#call.answered(frame, isRefused ? 0 : version, node);
  }

  sent(version: number, node: BrokerId): void {
    this.#call.sent(version, node);
  }

  failed(error: Parameters<Exchange["failed"]>[0]): void {
    this.#call.failed(error);
  }
}

function tableOf(body: ResponseOf<typeof ApiVersions>): ApiTable {
  const versions = new Map<number, Versions>();
  for (const { apiKey, minVersion, maxVersion } of body.apiKeys) {
    versions.set(apiKey, { first: minVersion, last: maxVersion });
  }
  return {
    versions,
    features: new Map(body.finalizedFeatures.map((one) => [one.name, one.maxVersionLevel])),
    featuresEpoch: body.finalizedFeaturesEpoch,
  };
}
