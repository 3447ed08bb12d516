import { createHash } from "node:crypto";
import type { Acl } from "../messages.ts";

/** Permission bits of an access control list. */
export const permissions = {
  read: 1,
  write: 2,
  create: 4,
  delete: 8,
  admin: 16,
  all: 31,
} as const;

/** Anybody may do anything: what nodes get when nothing else is said. */
export const openAcl: readonly Acl[] = [
  { permissions: permissions.all, scheme: "world", id: "anyone" },
];

/** Anybody may read. */
export const worldReadable: readonly Acl[] = [
  { permissions: permissions.read, scheme: "world", id: "anyone" },
];

/** Whoever creates the node may do anything with it; needs a session that has authenticated. */
export const creatorAcl: readonly Acl[] = [
  { permissions: permissions.all, scheme: "auth", id: "" },
];

/** The id of scheme `digest` for a user: `user:base64(sha1(user:password))`. */
export function digestId(user: string, password: string): string {
  const digest = createHash("sha1").update(`${user}:${password}`).digest("base64");
  return `${user}:${digest}`;
}
