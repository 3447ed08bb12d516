import type { ApiSchema } from "../codec/schema.ts";

/** AddOffsetsToTxn: adds a group's offsets to an open transaction. */
export const AddOffsetsToTxn = {
  key: 25,
  name: "AddOffsetsToTxn",
  listeners: ["broker"],
  versions: "0-4",
  flexibleVersions: "3+",
  request: {
    transactionalId: { type: "string", entityType: "transactionalId" },
    producerId: { type: "int64", entityType: "producerId", as: "bigint" },
    producerEpoch: { type: "int16" },
    groupId: { type: "string", entityType: "groupId" },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
  },
} as const satisfies ApiSchema;
