import type { MessageSchema } from "../../../codec/schema.ts";

/** A change of a broker's registration. */
export const BrokerRegistrationChangeRecord = {
  name: "BrokerRegistrationChangeRecord",
  type: "metadata",
  apiKey: 17,
  versions: "0-3",
  flexibleVersions: "0+",
  fields: {
    brokerId: { type: "int32", entityType: "brokerId" },
    brokerEpoch: { type: "int64" },
    fenced: { type: "int8", tag: 0 },
    inControlledShutdown: { type: "int8", versions: "1+", tag: 1 },
    logDirs: { type: "[]uuid", versions: "2+", tag: 2 },
    cordonedLogDirs: { type: "[]uuid", versions: "3+", nullable: true, tag: 3, default: null },
  },
} as const satisfies MessageSchema;
