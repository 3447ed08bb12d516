import { isSameSecret } from "./secret-equality.ts";

/**
 * Reads `name:password` pairs separated by commas; undefined when there are none, and then anybody
 * is let in.
 */
export function parseBasicUsers(text: string | null): ReadonlyMap<string, string> | undefined {
  const users = new Map<string, string>();
  for (const pair of (text ?? "").split(",")) {
    const separator = pair.indexOf(":");
    if (separator > 0) users.set(pair.slice(0, separator).trim(), pair.slice(separator + 1).trim());
  }
  return users.size === 0 && (text ?? "").trim() === "" ? undefined : users;
}

/** Whether an Authorization header (RFC 7617) names one of the users with the right password. */
export function isBasicUser(
  authorization: string | undefined,
  users: ReadonlyMap<string, string>,
): boolean {
  const [, encoded = ""] = /^Basic +([A-Za-z0-9+/=]+)\s*$/i.exec(authorization ?? "") ?? [];
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const separator = text.indexOf(":");
  const expected = users.get(text.slice(0, Math.max(separator, 0)));
  const isSame = isSameSecret(text.slice(separator + 1), expected ?? "");
  return isSame && expected !== undefined && separator > 0;
}
