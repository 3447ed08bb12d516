import { json } from "./builtin.ts";
import { unreadable, unwritable } from "./refuse.ts";
import type { Serde, SerdeContext } from "./serde.ts";
import type { StandardSchema, ValidationIssue, ValidationResult } from "./standard-schema.ts";

/** As many problems are told as help. */
const issuesTold = 3;

/**
 * JSON that a Standard Schema validator has seen: what is written is its input, checked and written
 * as given; what is read is its output, with its conversions. Null (a tombstone) is not shown to
 * it.
 * @param wire how the checked value becomes bytes, when not as JSON
 */
export function schema<Input, Output>(
  validator: StandardSchema<Input, Output>,
  wire: Serde<unknown> = json<unknown>(),
): Serde<Input | null, Output | null> {
  const { validate } = validator["~standard"];
  return {
    serialize: (value, context) => {
      if (value === null) return null;
      const checked = (result: ValidationResult<Output>): ReturnType<typeof wire.serialize> => {
        if (result.issues !== undefined) throw unwritable(context, told(result.issues));
        return wire.serialize(value, context);
      };
      const result = validate(value);
      return result instanceof Promise ? result.then(checked) : checked(result);
    },
    deserialize: (bytes, context) => {
      if (bytes === null) return null;
      const check = (value: unknown): Output | Promise<Output> => {
        const result = validate(value);
        return result instanceof Promise
          ? result.then((one) => outputOf(one, context))
          : outputOf(result, context);
      };
      const value = wire.deserialize(bytes, context);
      return value instanceof Promise ? value.then(check) : check(value);
    },
  };
}

function outputOf<Output>(result: ValidationResult<Output>, context: SerdeContext): Output {
  if (result.issues !== undefined) throw unreadable(context, told(result.issues));
  return result.value;
}

/** `items.0.price: Expected number; …`. The value itself is not told: it may be private. */
function told(issues: readonly ValidationIssue[]): string {
  const texts = issues.slice(0, issuesTold).map(({ message, path = [] }) => {
    const place = path.map((one) => String(typeof one === "object" ? one.key : one)).join(".");
    return place === "" ? message : `${place}: ${message}`;
  });
  const more = issues.length > issuesTold ? `; and ${issues.length - issuesTold} more` : "";
  return `${texts.join("; ")}${more}`;
}
