import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import type { Random } from "@millrace/platform";
import { KafkaError } from "../../errors/kafka-error.ts";
import { type Credentials, passwordOf } from "./plain.ts";
import type { SaslExchange, SaslMechanism } from "./sasl-mechanism.ts";

/** RFC 5802 asks for no less; Apache Kafka neither. */
const iterationsMin = 4_096;
/** More would hold the event loop for half a second: a broker may not do that to us. */
const iterationsMax = 1_000_000;
const nonceSizeBytes = 24;

const digests = {
  "SCRAM-SHA-256": { name: "sha256", sizeBytes: 32 },
  "SCRAM-SHA-512": { name: "sha512", sizeBytes: 64 },
} as const;

type Digest = (typeof digests)[keyof typeof digests];

/** What SCRAM is made with. */
export interface ScramOptions {
  readonly name: keyof typeof digests;
  readonly credentials: Credentials;
  readonly tokenAuth: boolean;
  readonly random: Random;
}

/** SCRAM (RFC 5802): both sides prove that they know the password, and neither tells it. */
export function scram({ name, credentials, tokenAuth, random }: ScramOptions): SaslMechanism {
  return {
    name,
    begin: async () =>
      new ScramExchange({
        digest: digests[name],
        username: credentials.username,
        password: await passwordOf(credentials),
        nonce: Buffer.from(random.bytes(nonceSizeBytes)).toString("base64"),
        tokenAuth,
      }),
  };
}

interface ScramSecrets {
  readonly digest: Digest;
  readonly username: string;
  readonly password: string;
  readonly nonce: string;
  readonly tokenAuth: boolean;
}

/** begun → challenged → done. */
class ScramExchange implements SaslExchange {
  readonly #secrets: ScramSecrets;
  readonly #firstBare: string;
  #state: "begun" | "challenged" | "done" = "begun";
  #serverSignature: Buffer = Buffer.alloc(0);

  constructor(secrets: ScramSecrets) {
    this.#secrets = secrets;
    const name = secrets.username.replaceAll("=", "=3D").replaceAll(",", "=2C");
    const extension = secrets.tokenAuth ? ",tokenauth=true" : "";
    this.#firstBare = `n=${name},r=${secrets.nonce}${extension}`;
  }

  first(): Buffer {
    return Buffer.from(`n,,${this.#firstBare}`, "utf8");
  }

  next(challenge: Buffer): Buffer | undefined {
    const text = challenge.toString("utf8");
    if (this.#state === "begun") {
      this.#state = "challenged";
      return this.#prove(text);
    }
    if (this.#state === "done") throw refused("the broker goes on after the end");
    this.#state = "done";
    this.#check(text);
    return undefined;
  }

  #prove(serverFirst: string): Buffer {
    const { digest, password, nonce } = this.#secrets;
    const { r: bothNonces = "", s: salt = "", i: count = "" } = attributesOf(serverFirst);
    if (!bothNonces.startsWith(nonce) || bothNonces.length === nonce.length) {
      throw refused("the broker's nonce does not continue ours");
    }
    const iterations = Number(count);
    if (!(iterations >= iterationsMin && iterations <= iterationsMax)) {
      const allowed = `${iterationsMin} to ${iterationsMax} are taken`;
      throw refused(`the broker asks for ${count} iterations, ${allowed}`);
    }
    const saltBytes = Buffer.from(salt, "base64");
    const salted = pbkdf2Sync(
      // RFC 5802 normalises passwords by SASLprep; Java's clients and tools take them as they are.
      password,
      saltBytes,
      iterations,
      digest.sizeBytes,
      digest.name,
    );
    const clientKey = hmac(digest, salted, "Client Key");
    const storedKey = createHash(digest.name).update(clientKey).digest();
    const finalBare = `c=biws,r=${bothNonces}`;
    const authMessage = `${this.#firstBare},${serverFirst},${finalBare}`;
    const clientSignature = hmac(digest, storedKey, authMessage);
    this.#serverSignature = hmac(digest, hmac(digest, salted, "Server Key"), authMessage);
    const proof = clientKey.map((byte, index) => byte ^ (clientSignature[index] ?? 0));
    return Buffer.from(`${finalBare},p=${Buffer.from(proof).toString("base64")}`, "utf8");
  }

  #check(serverFinal: string): void {
    const { v: signature = "", e: error } = attributesOf(serverFinal);
    if (error !== undefined) throw refused(`the broker says ${error}`);
    const told = Buffer.from(signature, "base64");
    const isRight =
      told.length === this.#serverSignature.length && timingSafeEqual(told, this.#serverSignature);
    // Whoever answers without knowing the password is not the broker.
    if (!isRight) throw refused("the broker's signature is wrong: it does not know the password");
  }
}

function hmac(digest: Digest, key: Uint8Array, text: string): Buffer {
  return createHmac(digest.name, key).update(text, "utf8").digest();
}

function attributesOf(message: string): { readonly [name: string]: string | undefined } {
  return Object.fromEntries(
    message.split(",").map((part) => [part.slice(0, 1), part.slice(2)] as const),
  );
}

function refused(what: string): KafkaError {
  return new KafkaError("SASL_AUTHENTICATION_FAILED", `SCRAM: ${what}`);
}
