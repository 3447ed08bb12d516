export * from "./compression/index.ts";
export { crc32c, warmCrc32c } from "./crc32c.ts";
export type {
  BytesInput,
  DecodedFields,
  InputFields,
  MessageInput,
  MessageOf,
  RequestInput,
  RequestOf,
  ResponseInput,
  ResponseOf,
} from "./codec/infer.ts";
export {
  decodeRequestBody,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  requestHeaderVersion,
  responseHeaderVersion,
} from "./codec/frames.ts";
export type { RequestFrame, RequestFrameHeader, ResponseFrame } from "./codec/frames.ts";
export { messageCodec, requestCodec, responseCodec } from "./codec/message-codec.ts";
export type { MessageCodec } from "./codec/message-codec.ts";
export { Reader } from "./codec/reader.ts";
export type {
  ApiSchema,
  EntityType,
  FieldSchema,
  Fields,
  ListenerKind,
  MessageSchema,
  PrimitiveField,
  PrimitiveType,
  StructField,
  VersionRange,
} from "./codec/schema.ts";
export { includesVersion, parseVersions, versionsOf } from "./codec/version-range.ts";
export type { Versions } from "./codec/version-range.ts";
export { writeChunks, Writer } from "./codec/writer.ts";
export {
  errorCodes,
  errorName,
  isRetriable,
  retriableErrors,
  staleMetadataErrors,
} from "./errors.ts";
export type { ErrorCode, ErrorName } from "./errors.ts";
export { isUuid, METADATA_TOPIC_ID, uuidFromBytes, uuidToBytes, ZERO_UUID } from "./primitives.ts";
export type {
  BrokerEpoch,
  BrokerId,
  LeaderEpoch,
  Offset,
  PartitionIndex,
  ProducerEpoch,
  ProducerId,
  Sequence,
  TimestampMs,
  Uuid,
} from "./primitives.ts";
export {
  MalformedMessageError,
  ProtocolError,
  UnencodableMessageError,
  UnsupportedVersionError,
} from "./protocol-error.ts";
export * from "./schemas/apis.ts";
export * from "./schemas/messages.ts";
export * from "./schemas/records/group-records.ts";
export * from "./schemas/records/metadata-records.ts";
export * from "./records/index.ts";
