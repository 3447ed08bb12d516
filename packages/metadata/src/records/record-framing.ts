import { assert } from "@millrace/platform";
import { messageCodec, metadataRecordSchemas, Reader, writeChunks } from "@millrace/protocol";
import type { MessageInput, MessageSchema } from "@millrace/protocol";

import { MetadataReplayError } from "../metadata-errors.ts";
import type { MetadataRecord, MetadataRecordType } from "./metadata-record.ts";

/** The version of the frame around a record: Kafka has had one. */
const FRAME_VERSION = 1;

const schemasByName = new Map<string, MessageSchema>(
  [...metadataRecordSchemas.values()].map((schema) => [schema.name, schema]),
);

/** Gives the value that stands for a record in a batch: frame version, type, version, fields. */
export function encodeMetadataRecord(record: MetadataRecord): Uint8Array {
  const schema = schemasByName.get(record.type);
  assert(schema?.apiKey !== undefined, `${record.type} is not a metadata record`);
  const { apiKey } = schema;
  const codec = messageCodec(schema, record.version);
  // The schema was found by the record's name, so that its fields fit.
  const data = record.data as MessageInput<MessageSchema>;
  const chunks = writeChunks((writer) => {
    writer.uvarint(FRAME_VERSION);
    writer.uvarint(apiKey);
    writer.uvarint(record.version);
    codec.write(writer, data);
  });
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

/**
 * Gives the record that a value in a batch stands for. Fields of type bytes are views of it.
 * @throws MetadataReplayError when its frame, type or version is not known.
 */
export function decodeMetadataRecord(value: Buffer): MetadataRecord {
  const reader = new Reader(value);
  const frameVersion = reader.uvarint();
  if (frameVersion !== FRAME_VERSION) {
    throw new MetadataReplayError(`a metadata record has frame version ${frameVersion}`);
  }
  const apiKey = reader.uvarint();
  const version = reader.uvarint();
  const schema = metadataRecordSchemas.get(apiKey);
  if (schema === undefined) {
    throw new MetadataReplayError(`a metadata record has the unknown type ${apiKey}`);
  }
  try {
    const data = messageCodec(schema, version).read(reader);
    reader.assertEnd(schema.name);
    // The schema was found by the type's number, so that name and fields belong together.
    return { type: schema.name as MetadataRecordType, version, data } as MetadataRecord;
  } catch (cause) {
    throw new MetadataReplayError(`${schema.name} version ${version} cannot be read`, { cause });
  }
}
