import { UnsupportedVersionError } from "../protocol-error.ts";
import { compileReader } from "./compile-reader.ts";
import { compileWriter } from "./compile-writer.ts";
import type {
  MessageInput,
  MessageOf,
  RequestInput,
  RequestOf,
  ResponseInput,
  ResponseOf,
} from "./infer.ts";
import { Reader } from "./reader.ts";
import type { ApiSchema, Fields, MessageSchema, VersionRange } from "./schema.ts";
import { includesVersion } from "./version-range.ts";
import { writeChunks } from "./writer.ts";
import type { Writer } from "./writer.ts";

/** Reads and writes one version of one message. Holds no state: one codec serves everybody. */
export interface MessageCodec<Decoded, Input> {
  /** The message's name, for error messages: "ProduceRequest". */
  readonly name: string;
  readonly version: number;
  /** Lengths are compact and structures carry tagged fields. */
  readonly isFlexible: boolean;
  /**
   * Reads a message that fills `bytes`. What is of type `bytes` or `records` is a view of `bytes`.
   * @throws MalformedMessageError if it does not, or if something stands behind it.
   */
  decode(bytes: Uint8Array): Decoded;
  /** Reads a message at the reader's position and leaves the reader behind it. */
  read(reader: Reader): Decoded;
  /**
   * Writes a message as pieces to send one after the other. What is of type `bytes` or `records`
   * is among them as it was given, not copied, and must stay unchanged until they are sent.
   * @throws UnencodableMessageError if this version cannot carry the value.
   */
  encode(value: Input): Uint8Array[];
  /** Writes a message behind what the writer has. */
  write(writer: Writer, value: Input): void;
}

interface Source {
  readonly name: string;
  readonly versions: VersionRange;
  readonly flexibleVersions: VersionRange;
  readonly fields: Fields;
}

function build(source: Source, version: number): MessageCodec<unknown, unknown> {
  const { name } = source;
  if (!Number.isInteger(version) || !includesVersion(source.versions, version)) {
    throw new UnsupportedVersionError(`${name} has no version ${version}: ${source.versions}`);
  }
  const isFlexible = includesVersion(source.flexibleVersions, version);
  const scope = { path: `${name} v${version}`, version, isFlexible };
  const { read } = compileReader(source.fields, scope);
  const write = compileWriter(source.fields, scope);
  return {
    name,
    version,
    isFlexible,
    read,
    write,
    decode(bytes) {
      const reader = new Reader(bytes);
      const value = read(reader);
      reader.assertEnd(name);
      return value;
    },
    encode: (value) => writeChunks((writer) => write(writer, value)),
  };
}

class CodecCache {
  readonly #codecs = new WeakMap<object, MessageCodec<unknown, unknown>[]>();

  get(key: object, version: number, source: () => Source): MessageCodec<unknown, unknown> {
    let codecs = this.#codecs.get(key);
    if (codecs === undefined) {
      codecs = [];
      this.#codecs.set(key, codecs);
    }
    const cached = codecs[version];
    if (cached !== undefined) return cached;
    const codec = build(source(), version);
    codecs[version] = codec;
    return codec;
  }
}

const requests = new CodecCache();
const responses = new CodecCache();
const messages = new CodecCache();

/**
 * Gives the codec of an API's request, compiled at its first use.
 * @throws UnsupportedVersionError outside the API's versions.
 */
export function requestCodec<A extends ApiSchema>(
  api: A,
  version: number,
): MessageCodec<RequestOf<A>, RequestInput<A>> {
  const source = () => ({ ...api, name: `${api.name}Request`, fields: api.request });
  return requests.get(api, version, source) as MessageCodec<RequestOf<A>, RequestInput<A>>;
}

/**
 * Gives the codec of an API's response, compiled at its first use.
 * @throws UnsupportedVersionError outside the API's versions.
 */
export function responseCodec<A extends ApiSchema>(
  api: A,
  version: number,
): MessageCodec<ResponseOf<A>, ResponseInput<A>> {
  const source = () => ({ ...api, name: `${api.name}Response`, fields: api.response });
  return responses.get(api, version, source) as MessageCodec<ResponseOf<A>, ResponseInput<A>>;
}

/**
 * Gives the codec of a header, a record or a file's content, compiled at its first use.
 * @throws UnsupportedVersionError outside the message's versions.
 */
export function messageCodec<M extends MessageSchema>(
  schema: M,
  version: number,
): MessageCodec<MessageOf<M>, MessageInput<M>> {
  return messages.get(schema, version, () => schema) as MessageCodec<MessageOf<M>, MessageInput<M>>;
}
