import type { MessageSchema } from "@millrace/protocol";

/** A message with one field of each kind, for the tests of the codec. */
export const TestMessage = {
  name: "TestMessage",
  type: "data",
  versions: "0-2",
  flexibleVersions: "1+",
  fields: {
    flag: { type: "bool" },
    small: { type: "int8", default: -1 },
    port: { type: "uint16", default: 0 },
    crc: { type: "uint32", default: 0 },
    offset: { type: "int64", default: 0 },
    expiry: { type: "int64", default: 0, as: "saturated" },
    producerId: { type: "int64", default: -1n, as: "bigint" },
    rate: { type: "float64", default: 0 },
    id: { type: "uuid", versions: "2+", ignorable: true },
    name: { type: "string", nullable: true, default: null },
    body: { type: "bytes", nullable: true, default: null },
    records: { type: "records", nullable: "1+", versions: "1+" },
    numbers: { type: "[]int32", nullable: true, default: null },
    leader: {
      type: "Leader",
      versions: "1+",
      tag: 1,
      fields: { epoch: { type: "int32", default: -1 } },
    },
    cursor: {
      type: "Cursor",
      versions: "2+",
      nullable: true,
      default: null,
      fields: { topic: { type: "string" } },
    },
    rack: { type: "string", versions: "1+", tag: 0, default: "none" },
    topics: { type: "[]Topic", versions: "1+", fields: { name: { type: "string" } } },
  },
} as const satisfies MessageSchema;
