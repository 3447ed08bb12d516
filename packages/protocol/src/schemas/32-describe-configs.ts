import type { ApiSchema } from "../codec/schema.ts";

/** DescribeConfigs: reads the configuration of topics, brokers and groups. */
export const DescribeConfigs = {
  key: 32,
  name: "DescribeConfigs",
  listeners: ["broker", "controller"],
  versions: "1-4",
  flexibleVersions: "4+",
  request: {
    resources: {
      type: "[]DescribeConfigsResource",
      fields: {
        resourceType: { type: "int8" },
        resourceName: { type: "string" },
        configurationKeys: { type: "[]string", nullable: true },
      },
    },
    includeSynonyms: { type: "bool", default: false },
    includeDocumentation: { type: "bool", versions: "3+", default: false },
  },
  response: {
    throttleTimeMs: { type: "int32" },
    results: {
      type: "[]DescribeConfigsResult",
      fields: {
        errorCode: { type: "int16" },
        errorMessage: { type: "string", nullable: true },
        resourceType: { type: "int8" },
        resourceName: { type: "string" },
        configs: {
          type: "[]DescribeConfigsResourceResult",
          fields: {
            name: { type: "string" },
            value: { type: "string", nullable: true },
            readOnly: { type: "bool" },
            configSource: { type: "int8", default: -1, ignorable: true },
            isSensitive: { type: "bool" },
            synonyms: {
              type: "[]DescribeConfigsSynonym",
              ignorable: true,
              fields: {
                name: { type: "string" },
                value: { type: "string", nullable: true },
                source: { type: "int8" },
              },
            },
            configType: { type: "int8", versions: "3+", default: 0, ignorable: true },
            documentation: { type: "string", versions: "3+", nullable: true, ignorable: true },
          },
        },
      },
    },
  },
} as const satisfies ApiSchema;
