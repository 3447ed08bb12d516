import type { MessageSchema } from "../../../codec/schema.ts";

/** A feature set to a level. */
export const FeatureLevelRecord = {
  name: "FeatureLevelRecord",
  type: "metadata",
  apiKey: 12,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    name: { type: "string" },
    featureLevel: { type: "int16" },
  },
} as const satisfies MessageSchema;
