import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";

/** Issues tokens of OAUTHBEARER, as an identity provider does. */
export class TokenIssuer {
  readonly #privateKey: KeyObject;
  readonly #keyId: string;

  /** @param privateKey in PEM; a new one without it */
  constructor(keyId: string, privateKey?: string) {
    this.#keyId = keyId;
    this.#privateKey =
      privateKey === undefined
        ? generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
        : createPrivateKey(privateKey);
  }

  /** Its private key in PEM, with which another process can issue tokens. */
  privateKey(): string {
    return this.#privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  }

  /** Its key set in JSON. */
  keySet(): string {
    const jwk = createPublicKey(this.#privateKey).export({ format: "jwk" });
    return JSON.stringify({ keys: [{ ...jwk, kid: this.#keyId, alg: "ES256", use: "sig" }] });
  }

  /** A token with these claims besides the usual ones. */
  token(claims: Readonly<Record<string, unknown>>): string {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const times = { iat: nowSeconds, exp: nowSeconds + 300, aud: "kafka", scope: "kafka" };
    const head = encode({ alg: "ES256", kid: this.#keyId, typ: "JWT" });
    const signed = `${head}.${encode({ ...times, ...claims })}`;
    const key = { key: this.#privateKey, dsaEncoding: "ieee-p1363" } as const;
    return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
  }

  /** A token that nobody has signed. */
  static unsigned(claims: Readonly<Record<string, unknown>>): string {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const times = { iat: nowSeconds, exp: nowSeconds + 300, aud: "kafka" };
    return `${encode({ alg: "none" })}.${encode({ ...times, ...claims })}.`;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
