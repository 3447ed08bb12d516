import type { MessageSchema } from "../../../codec/schema.ts";

/** The state of a migration from ZooKeeper, kept for logs that went through one. */
export const ZkMigrationStateRecord = {
  name: "ZkMigrationStateRecord",
  type: "metadata",
  apiKey: 21,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    zkMigrationState: { type: "int8" },
  },
} as const satisfies MessageSchema;
