import { unreadable, unwritable } from "./refuse.ts";
import type { Serde } from "./serde.ts";

/**
 * Refuses null, so that the type has none: `notNull(string)` for a topic without tombstones. What
 * is read and is null after all cannot be read, and the policy for such records decides.
 */
export function notNull<Written, Read>(
  serde: Serde<Written, Read>,
): Serde<NonNullable<Written>, NonNullable<Read>> {
  return {
    serialize: (value, context) => {
      // A caller without types may give it.
      const given: unknown = value;
      if (given === null || given === undefined) throw unwritable(context, "it is null");
      return serde.serialize(value, context);
    },
    deserialize: (bytes, context) => {
      const check = (value: Read): NonNullable<Read> => {
        if (value === null || value === undefined) throw unreadable(context, "it is null");
        return value;
      };
      const value = serde.deserialize(bytes, context);
      return value instanceof Promise ? value.then(check) : check(value);
    },
  };
}
