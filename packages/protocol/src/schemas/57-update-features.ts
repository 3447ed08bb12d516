import type { ApiSchema } from "../codec/schema.ts";

/** UpdateFeatures: changes finalized feature levels. */
export const UpdateFeatures = {
  key: 57,
  name: "UpdateFeatures",
  listeners: ["broker", "controller"],
  versions: "0-2",
  flexibleVersions: "0+",
  request: {
    timeoutMs: { type: "int32", default: 60000 },
    featureUpdates: {
      type: "[]FeatureUpdateKey",
      fields: {
        feature: { type: "string", mapKey: true },
        maxVersionLevel: { type: "int16" },
        allowDowngrade: { type: "bool", versions: "0" },
        upgradeType: { type: "int8", versions: "1+", default: 1 },
      },
    },
    validateOnly: { type: "bool", versions: "1+", default: false },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    errorCode: { type: "int16" },
    errorMessage: { type: "string", nullable: true },
    results: {
      type: "[]UpdatableFeatureResult",
      versions: "0-1",
      ignorable: true,
      fields: {
        feature: { type: "string", mapKey: true },
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true },
      },
    },
  },
} as const satisfies ApiSchema;
