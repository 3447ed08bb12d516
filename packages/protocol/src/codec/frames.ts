import { UnsupportedVersionError } from "../protocol-error.ts";
import { ApiVersions, apiSchemas } from "../schemas/apis.ts";
import { RequestHeader, ResponseHeader } from "../schemas/headers.ts";
import type { RequestInput, RequestOf, ResponseInput, ResponseOf } from "./infer.ts";
import { messageCodec, requestCodec, responseCodec } from "./message-codec.ts";
import { Reader } from "./reader.ts";
import type { ApiSchema } from "./schema.ts";
import { includesVersion } from "./version-range.ts";
import { writeChunks } from "./writer.ts";

/**
 * How many array elements a request may have in all: a stranger sent it. The largest honest ones
 * name 100,000 partitions with three replicas each. The costliest elements (empty topics of
 * CreateTopics) then take 70 MiB and 0.2 s. Kafka 4.4 allows a million in each array.
 */
const requestElementsMax = 400_000;
const sizePrefixBytes = 4;

/** What stands before a request's body. */
export interface RequestFrameHeader {
  readonly api: ApiSchema;
  /** The version asked for, which the API need not have. */
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  /** Where the body begins in the frame. */
  readonly bodyPosition: number;
}

/** What a request is written from. */
export interface RequestFrame<A extends ApiSchema> {
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly body: RequestInput<A>;
}

/** What a response is written from. */
export interface ResponseFrame<A extends ApiSchema> {
  readonly correlationId: number;
  readonly body: ResponseInput<A>;
}

/** Gives the version of the header before a request: 2 has tagged fields. */
export function requestHeaderVersion(api: ApiSchema, version: number): 1 | 2 {
  return includesVersion(api.flexibleVersions, version) ? 2 : 1;
}

/** Gives the version of the header before a response: 1 has tagged fields. */
export function responseHeaderVersion(api: ApiSchema, version: number): 0 | 1 {
  // KIP-511: a client reads the answer to ApiVersions before it knows what the broker speaks.
  if (api.key === ApiVersions.key) return 0;
  return includesVersion(api.flexibleVersions, version) ? 1 : 0;
}

/**
 * Reads the header of a request.
 * @param frame the request behind its size prefix
 * @throws UnsupportedVersionError for an unknown API key; a version that the API does not have is
 *   given back, since ApiVersions has to be answered even then.
 * @throws MalformedMessageError
 */
export function decodeRequestHeader(frame: Uint8Array): RequestFrameHeader {
  const reader = new Reader(frame);
  const apiKey = reader.int16();
  const apiVersion = reader.int16();
  const api = apiSchemas.get(apiKey);
  if (api === undefined) throw new UnsupportedVersionError(`no API has the key ${apiKey}`);
  reader.position = 0;
  const codec = messageCodec(RequestHeader, requestHeaderVersion(api, apiVersion));
  const { correlationId, clientId } = codec.read(reader);
  return { api, apiVersion, correlationId, clientId, bodyPosition: reader.position };
}

/**
 * Reads the body of a request whose header was read. Views in it are views of the frame. Bytes
 * behind it are ignored, as Apache Kafka does: there are clients that send some.
 * @throws UnsupportedVersionError if the API does not have the version
 * @throws MalformedMessageError
 */
export function decodeRequestBody<A extends ApiSchema>(
  api: A,
  header: RequestFrameHeader,
  frame: Uint8Array,
): RequestOf<A> {
  const codec = requestCodec(api, header.apiVersion);
  const reader = new Reader(frame, header.bodyPosition, requestElementsMax);
  return codec.read(reader);
}

/**
 * Reads a response.
 * @param frame the response behind its size prefix; views in the body are views of it
 * @throws MalformedMessageError
 */
export function decodeResponse<A extends ApiSchema>(
  api: A,
  version: number,
  frame: Uint8Array,
): { readonly correlationId: number; readonly body: ResponseOf<A> } {
  const reader = new Reader(frame);
  const header = messageCodec(ResponseHeader, responseHeaderVersion(api, version)).read(reader);
  const codec = responseCodec(api, version);
  const body = codec.read(reader);
  reader.assertEnd(codec.name);
  return { correlationId: header.correlationId, body };
}

/** Writes a request with its size prefix and its header, as pieces to send in order. */
export function encodeRequest<A extends ApiSchema>(
  api: A,
  version: number,
  { correlationId, clientId, body }: RequestFrame<A>,
): Uint8Array[] {
  const header = messageCodec(RequestHeader, requestHeaderVersion(api, version));
  const codec = requestCodec(api, version);
  return writeChunks((writer) => {
    writer.int32(0);
    const fields = { requestApiKey: api.key, requestApiVersion: version, correlationId, clientId };
    header.write(writer, fields);
    codec.write(writer, body);
    writer.int32At(0, writer.sizeBytes - sizePrefixBytes);
  });
}

/** Writes a response with its size prefix and its header, as pieces to send in order. */
export function encodeResponse<A extends ApiSchema>(
  api: A,
  version: number,
  { correlationId, body }: ResponseFrame<A>,
): Uint8Array[] {
  const header = messageCodec(ResponseHeader, responseHeaderVersion(api, version));
  const codec = responseCodec(api, version);
  return writeChunks((writer) => {
    writer.int32(0);
    header.write(writer, { correlationId });
    codec.write(writer, body);
    writer.int32At(0, writer.sizeBytes - sizePrefixBytes);
  });
}
