import type { ApiSchema } from "../codec/schema.ts";

/** ApiVersions: tells which APIs, versions and features a broker serves. */
export const ApiVersions = {
  key: 18,
  name: "ApiVersions",
  listeners: ["broker", "controller"],
  versions: "0-4",
  flexibleVersions: "3+",
  request: {
    clientSoftwareName: { type: "string", versions: "3+", ignorable: true },
    clientSoftwareVersion: { type: "string", versions: "3+", ignorable: true },
  },
  response: {
    errorCode: { type: "int16" },
    apiKeys: {
      type: "[]ApiVersion",
      fields: {
        apiKey: { type: "int16", mapKey: true },
        minVersion: { type: "int16" },
        maxVersion: { type: "int16" },
      },
    },
    throttleTimeMs: { type: "int32", versions: "1+", ignorable: true },
    supportedFeatures: {
      type: "[]SupportedFeatureKey",
      versions: "3+",
      tag: 0,
      ignorable: true,
      fields: {
        name: { type: "string", mapKey: true },
        minVersion: { type: "int16" },
        maxVersion: { type: "int16" },
      },
    },
    finalizedFeaturesEpoch: { type: "int64", versions: "3+", tag: 1, default: -1, ignorable: true },
    finalizedFeatures: {
      type: "[]FinalizedFeatureKey",
      versions: "3+",
      tag: 2,
      ignorable: true,
      fields: {
        name: { type: "string", mapKey: true },
        maxVersionLevel: { type: "int16" },
        minVersionLevel: { type: "int16" },
      },
    },
    zkMigrationReady: { type: "bool", versions: "3+", tag: 3, default: false, ignorable: true },
  },
} as const satisfies ApiSchema;
