import type { MessageInput, MessageOf, MessageSchema } from "@millrace/protocol";

import { type EncodedRecord, encodeKey, encodeValue } from "../runtime/index.ts";

/** A record about a group as a whole; `value` null removes what the key names. */
export interface GroupKeyedRecord<Kind, Schema extends MessageSchema> {
  readonly kind: Kind;
  readonly groupId: string;
  readonly value: MessageOf<Schema> | null;
}

/** A record about one member of a group; `value` null removes what the key names. */
export interface MemberRecord<Kind, Schema extends MessageSchema>
  extends GroupKeyedRecord<Kind, Schema> {
  readonly memberId: string;
}

/** All values of the groups that Apache Kafka 4 brought have one version. */
const VERSION = 0;

/** The bytes of a record of `__consumer_offsets`, from the schemas of its key and its value. */
export function encodeKeyed<Key extends MessageSchema, Value extends MessageSchema>(
  schemas: readonly [key: Key, value: Value],
  key: MessageInput<Key>,
  value: MessageInput<Value> | null,
): EncodedRecord {
  const [keySchema, valueSchema] = schemas;
  return {
    key: encodeKey(keySchema, key),
    value: value === null ? null : encodeValue(valueSchema, VERSION, value),
  };
}
