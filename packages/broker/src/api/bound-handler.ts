import {
  ApiVersions,
  type ApiSchema,
  type Fields,
  Reader,
  requestCodec,
  type ResponseInput,
  responseCodec,
  writeChunks,
} from "@millrace/protocol";

import { type Handler, ordinaryMemory, type RequestMemory } from "./handler.ts";
import type { RequestQuota } from "../quota/request-quota.ts";
import type { RequestContext } from "./request-context.ts";

/** What stands before a request's body. */
export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

/** A handler between bytes and bytes: what a table holds, whatever the API's types. */
export interface BoundHandler {
  readonly api: ApiSchema;
  readonly firstVersion: number;
  readonly lastVersion: number;
  /** May begin while an earlier request of the connection with this mark only waits. */
  readonly overlaps: boolean;
  readonly memory: RequestMemory;
  /**
   * Decodes a request, handles it and encodes the answer: the whole frame with its size prefix.
   * The frame's bytes are valid until this returns.
   * @throws ProtocolError for a malformed request; as a rejection what the handler throws later.
   */
  answer(
    header: RequestHeader,
    reader: Reader,
    context: RequestContext,
  ): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
}

/** A request of a stranger has no more array elements than this; Kafka 4.4 has the same limit. */
const requestElementsMax = 1_000_000;

const sizePrefixBytes = 4;

/** Closes a handler over its types. */
export function bind<Api extends ApiSchema>(handler: Handler<Api>): BoundHandler {
  const { api } = handler;
  const [first, last] = handler.versions.split("-");
  const mustCopy = handler.borrowsBytes !== true && hasBytes(api.request);
  return {
    api,
    firstVersion: Number(first),
    lastVersion: Number(last ?? first),
    overlaps: handler.overlaps === true,
    memory: handler.memory ?? ordinaryMemory,
    answer: (header, reader, context) => {
      const codec = requestCodec(api, header.apiVersion);
      // A flexible request has header version 2: tagged fields, which nobody has used yet.
      if (codec.isFlexible) skipTaggedFields(reader);
      const body = reader.bytes.subarray(reader.position);
      const bodyReader = new Reader(mustCopy ? Buffer.from(body) : body, 0, requestElementsMax);
      // What stands behind the message is ignored, as Apache Kafka does: librdkafka sends a few
      // bytes too many in a Metadata request for all topics.
      const request = codec.read(bodyReader);
      const response = handler.handle(request, context);
      const { quota } = context;
      if (quota === undefined) {
        if (!(response instanceof Promise)) return encodeAnswer(api, header, response);
        return response.then((known) => encodeAnswer(api, header, known));
      }
      if (!(response instanceof Promise)) return encodeCounted(api, header, { response, quota });
      quota.waits();
      return response.then((known) => encodeCounted(api, header, { response: known, quota }));
    },
  };
}

/** Writes an answer with its size prefix and its header, as pieces to send in order. */
export function encodeAnswer<Api extends ApiSchema>(
  api: Api,
  header: Pick<RequestHeader, "apiVersion" | "correlationId">,
  response: ResponseInput<Api>,
): Uint8Array[] {
  const codec = responseCodec(api, header.apiVersion);
  return writeChunks((writer) => {
    writer.int32(0);
    writer.int32(header.correlationId);
    // KIP-511: ApiVersions is answered with header version 0, as its reader knows no version yet.
    if (codec.isFlexible && api.key !== ApiVersions.key) writer.int8(0);
    codec.write(writer, response);
    writer.int32At(0, writer.sizeBytes - sizePrefixBytes);
  });
}

/** As `encodeAnswer`, counted for the client's quotas: the answer tells how long it is to wait. */
function encodeCounted<Api extends ApiSchema>(
  api: Api,
  header: RequestHeader,
  counted: { readonly response: ResponseInput<Api>; readonly quota: RequestQuota },
): Uint8Array[] {
  const { response, quota } = counted;
  const throttleTimeMs = quota.finish(api.key);
  const told = throttleTimeMs === 0 ? response : { ...response, throttleTimeMs };
  const chunks = encodeAnswer(api, header, told);
  quota.encoded();
  return chunks;
}

/** Passes over the tagged fields of a flexible header, which nobody has used yet. */
export function skipTaggedFields(reader: Reader): void {
  for (let left = reader.uvarint(); left > 0; left -= 1) {
    reader.uvarint();
    reader.take(reader.uvarint());
  }
}

function hasBytes(fields: Fields): boolean {
  return Object.values(fields).some((field) => {
    if (field.fields !== undefined) return hasBytes(field.fields);
    return field.type.endsWith("bytes") || field.type.endsWith("records");
  });
}
