import { createHash, timingSafeEqual } from "node:crypto";
import { SaslError } from "../errors.ts";

/** What ZooKeeper's servers call themselves in SASL, whatever their host. */
const digestUri = "zookeeper/zk-sasl-md5";
const nonceCount = "00000001";

/** A name and its secret. Never log it. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The client's answer to a challenge. */
export interface DigestAnswer {
  readonly token: Buffer;
  /**
   * Checks what the server answers at the end.
   * @throws SaslError when the server does not know the password.
   */
  verify(serverToken: Uint8Array | null): void;
}

/**
 * Answers a challenge of DIGEST-MD5 (RFC 2831, quality of protection `auth`), which is what
 * ZooKeeper's SASL with user names and passwords speaks.
 * @throws SaslError when the challenge is none, or wants what we do not have.
 */
export function answerChallenge(
  challenge: Uint8Array,
  credentials: Credentials,
  clientNonce: string,
): DigestAnswer {
  const fields = parseChallenge(Buffer.from(challenge).toString("utf8"));
  const nonce = fields.get("nonce");
  const realm = fields.get("realm") ?? "";
  const offered = (fields.get("qop") ?? "auth").split(",").map((word) => word.trim());
  if (nonce === undefined || fields.get("algorithm") !== "md5-sess" || !offered.includes("auth")) {
    throw new SaslError("the server's challenge is not one of DIGEST-MD5 with qop auth");
  }
  const { username, password } = credentials;
  const user = md5(hashed(`${username}:${realm}:${password}`));
  const session = md5(Buffer.concat([user, Buffer.from(`:${nonce}:${clientNonce}`)]));
  const proof = (action: string): string => {
    const request = md5(Buffer.from(`${action}:${digestUri}`)).toString("hex");
    const text = `${session.toString("hex")}:${nonce}:${nonceCount}:${clientNonce}:auth:${request}`;
    return md5(Buffer.from(text)).toString("hex");
  };
  const words = [
    "charset=utf-8",
    `username=${quoted(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `nc=${nonceCount}`,
    `cnonce=${quoted(clientNonce)}`,
    `digest-uri=${quoted(digestUri)}`,
    "maxbuf=65536",
    `response=${proof("AUTHENTICATE")}`,
    "qop=auth",
  ];
  return {
    token: Buffer.from(words.join(","), "utf8"),
    verify: (serverToken) => verify(serverToken, proof("")),
  };
}

function verify(serverToken: Uint8Array | null, expected: string): void {
  const fields = parseChallenge(Buffer.from(serverToken ?? []).toString("utf8"));
  const given = Buffer.from(fields.get("rspauth") ?? "");
  const wanted = Buffer.from(expected);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new SaslError("the server did not prove that it knows the password");
  }
}

function parseChallenge(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const match of text.matchAll(/([a-z0-9-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^,\s]*))/gi)) {
    const [, name = "", quotedValue, plain = ""] = match;
    fields.set(name.toLowerCase(), quotedValue?.replace(/\\(.)/g, "$1") ?? plain);
  }
  return fields;
}

/** RFC 2831 §2.1.2.1: names and passwords that fit ISO 8859-1 are hashed in it. */
function hashed(text: string): Buffer {
  const latin = Buffer.from(text, "latin1");
  return latin.toString("latin1") === text ? latin : Buffer.from(text, "utf8");
}

function md5(bytes: Buffer): Buffer {
  return createHash("md5").update(bytes).digest();
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
