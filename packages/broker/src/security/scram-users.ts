import {
  credentialOf,
  saltedPassword,
  scramIterations,
  type ScramMechanism,
  scramMechanismOf,
} from "./scram-credential.ts";

/** A user with a password, as it is given in a configuration. Secret. */
export interface GivenScramUser {
  readonly name: string;
  readonly mechanism: ScramMechanism;
  readonly password: string;
  readonly iterations: number;
}

/** What reading users came to; a reason never repeats what was given. */
export type ScramUsersOutcome =
  | { readonly ok: true; readonly users: readonly GivenScramUser[] }
  | { readonly ok: false; readonly reason: string };

const ENTRY = /^\s*(SCRAM-SHA-256|SCRAM-SHA-512)=\[([^\]]*)\]\s*(?:,|$)/;

/**
 * Reads users as `kafka-storage format --add-scram` takes them, several separated by commas.
 *
 * Example: `SCRAM-SHA-256=[name=admin,password=secret,iterations=8192]`.
 */
export function parseScramUsers(text: string): ScramUsersOutcome {
  const users: GivenScramUser[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const [whole, mechanismName = "", inner = ""] = ENTRY.exec(rest) ?? [];
    const mechanism = scramMechanismOf(mechanismName);
    if (whole === undefined || mechanism === undefined) {
      return { ok: false, reason: "expected SCRAM-SHA-256=[name=…,password=…]" };
    }
    rest = rest.slice(whole.length).trim();
    const user = readUser(mechanism, inner);
    if (typeof user === "string") return { ok: false, reason: user };
    users.push(user);
  }
  return { ok: true, users };
}

function readUser(mechanism: ScramMechanism, inner: string): GivenScramUser | string {
  const options = new Map<string, string>();
  for (const part of inner.split(",")) {
    const [, key, quoted, bare] = /^\s*(\w+)=(?:"([^"]*)"|(.*))$/.exec(part) ?? [];
    if (key === undefined) return "each part between the brackets is key=value";
    options.set(key, quoted ?? bare ?? "");
  }
  const { min, max } = scramIterations;
  const name = options.get("name") ?? "";
  const password = options.get("password") ?? "";
  const iterations = Number(options.get("iterations") ?? min);
  if (name === "" || password === "") return "a user has a name and a password";
  if (!Number.isSafeInteger(iterations) || iterations < min || iterations > max) {
    return `iterations are at least ${min} and at most ${max}`;
  }
  return { name, mechanism, password, iterations };
}

/** What the metadata keeps of a user. */
export function scramRecordOf(user: GivenScramUser, salt: Uint8Array) {
  const { name, mechanism, password, iterations } = user;
  const given = { salt, iterations };
  const salted = saltedPassword(mechanism, password, given);
  return { name, mechanism: mechanism.id, ...credentialOf(mechanism, salted, given) };
}
