import { errorName, ZERO_UUID } from "@millrace/protocol";

const named = new Set([
  "name",
  "topic",
  "topicName",
  "groupId",
  "transactionalId",
  "resourceName",
  "key",
  "principalName",
  "transactionState",
  "groupState",
  "groupType",
]);

/**
 * What an answer tells of access, in one line: its error codes, the names of resources, whether it
 * has ids of topics, and the operations allowed. `own` is written as `own`, and what is about the
 * own topics of other users is left out.
 */
export function digestOf(answer: unknown, own: string): string {
  return digest(answer, own).join(" ");
}

function digest(value: unknown, own: string): readonly string[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [];
  if (Array.isArray(value)) {
    const parts = value
      .filter((element) => !isOfAnother(element, own))
      .map((element) => digest(element, own).join(" "))
      .filter((part) => part !== "");
    return parts.length === 0 ? [] : [`[${parts.sort().join(", ")}]`];
  }
  return Object.entries(value).flatMap(([key, inner]) => field(key, inner, own));
}

function field(key: string, value: unknown, own: string): readonly string[] {
  if (/errorCode$/i.test(key) && typeof value === "number") return [errorName(value)];
  if (/authorizedOperations$/i.test(key) && typeof value === "number") {
    return value === -2147483648 ? [] : [`operations=${value.toString(16)}`];
  }
  if (key === "topicId") return value === ZERO_UUID ? [] : ["id"];
  if (named.has(key) && typeof value === "string") return [value === own ? "own" : value];
  // What configurations there are is no matter of access.
  return key === "configs" ? [] : digest(value, own);
}

function isOfAnother(element: unknown, own: string): boolean {
  if (typeof element !== "object" || element === null) return false;
  const values: readonly unknown[] = Object.values(element);
  return values.some((value) => {
    return typeof value === "string" && value.startsWith("v-") && value !== own;
  });
}
