import type { ApiSchema, Fields, MessageCodec, MessageSchema } from "@millrace/protocol";
import {
  apiSchemaList,
  messageCodec,
  messageSchemaList,
  requestCodec,
  responseCodec,
  versionsOf,
} from "@millrace/protocol";

/** A message of any kind, in one form for the tests that run over all of them. */
export interface SampleMessage {
  readonly name: string;
  readonly fields: Fields;
  readonly firstVersion: number;
  readonly lastVersion: number;
  codec(version: number): MessageCodec<unknown, unknown>;
}

/** Every message of the protocol: requests, responses, headers, records, files. */
export const sampleMessages: readonly SampleMessage[] = [
  ...apiSchemaList.flatMap(halvesOf),
  ...messageSchemaList.map(messageOf),
];

function halvesOf(api: ApiSchema): readonly SampleMessage[] {
  const { first, last } = versionsOf(api);
  const versions = { firstVersion: first, lastVersion: last };
  return [
    {
      ...versions,
      name: `${api.name}Request`,
      fields: api.request,
      codec: (version) => requestCodec(api, version) as MessageCodec<unknown, unknown>,
    },
    {
      ...versions,
      name: `${api.name}Response`,
      fields: api.response,
      codec: (version) => responseCodec(api, version) as MessageCodec<unknown, unknown>,
    },
  ];
}

function messageOf(schema: MessageSchema): SampleMessage {
  const { first, last } = versionsOf(schema);
  return {
    name: schema.name,
    fields: schema.fields,
    firstVersion: first,
    lastVersion: last,
    codec: (version) => messageCodec(schema, version) as MessageCodec<unknown, unknown>,
  };
}
