import type { Principal } from "../principal.ts";
import {
  type ScramCredential,
  scramHash,
  scramHmac,
  scramIterations,
  type ScramMechanism,
} from "../scram-credential.ts";
import { isSameSecret } from "../secret-equality.ts";
import { type ClientFirst, parseClientFinal, parseClientFirst } from "./scram-messages.ts";
import { failedSilently, failedWith, type SaslServer, type SaslStep } from "./sasl-server.ts";

/** Who a name of SCRAM stands for. */
export interface ScramAccount {
  readonly credential: ScramCredential;
  readonly principal: Principal;
  /** When a token ends, in wall-clock milliseconds. */
  readonly expiresAtMs?: number;
}

/** What a SCRAM exchange needs. */
export interface ScramServerOptions {
  readonly mechanism: ScramMechanism;
  /** Finds a user or, with `isToken`, the token of an id; undefined when there is none. */
  readonly account: (name: string, isToken: boolean) => ScramAccount | undefined;
  /** A nonce that nobody can foresee, of printable characters without a comma. */
  readonly nonce: () => string;
  /** A salt for a name that does not exist: always the same for a name, and no one can tell. */
  readonly decoySalt: (name: string) => Buffer;
}

/** What the first step leaves to the second. */
interface Exchange {
  readonly first: ClientFirst;
  readonly account: ScramAccount | undefined;
  /** The client's nonce with ours behind it. */
  readonly nonce: string;
  readonly serverFirst: string;
}

/**
 * SCRAM (RFC 5802, KIP-84): two steps. The nonce of the second has to be the whole one of the first
 * (CVE-2024-56128), and a user who does not exist is refused in the second step only, so that
 * nobody finds out which names exist.
 */
export class ScramServer implements SaslServer {
  readonly #options: ScramServerOptions;
  #exchange: Exchange | undefined;

  constructor(options: ScramServerOptions) {
    this.#options = options;
  }

  evaluate(token: Buffer): SaslStep {
    const exchange = this.#exchange;
    if (exchange === undefined) return this.#begin(token);
    this.#exchange = undefined;
    return this.#finish(token, exchange);
  }

  #begin(token: Buffer): SaslStep {
    const first = parseClientFirst(token);
    if (first === undefined) return failedSilently("the client's first message is malformed");
    const { authorizationId, username } = first;
    if (authorizationId !== "" && authorizationId !== username) {
      return failedWith(
        "Authentication failed: Client requested an authorization id that is different from username",
      );
    }
    const found = this.#options.account(username, first.isToken);
    // A credential that is too weak counts as none: Kafka refuses it as well.
    const account =
      found !== undefined && found.credential.iterations >= scramIterations.min ? found : undefined;
    const salt = account?.credential.salt ?? this.#options.decoySalt(username);
    const iterations = account?.credential.iterations ?? scramIterations.min;
    const nonce = `${first.nonce}${this.#options.nonce()}`;
    const serverFirst = `r=${nonce},s=${salt.toString("base64")},i=${iterations}`;
    this.#exchange = { first, account, nonce, serverFirst };
    return { kind: "continue", challenge: Buffer.from(serverFirst) };
  }

  #finish(token: Buffer, { first, account, nonce, serverFirst }: Exchange): SaslStep {
    const final = parseClientFinal(token);
    if (final === undefined) return failedSilently("the client's final message is malformed");
    if (!isSameSecret(final.nonce, nonce)) {
      // Apache Kafka refuses it as well since it looks at the whole nonce.
      const isOldLibrdkafka = final.nonce === `${first.nonce}${nonce}`;
      const hint = isOldLibrdkafka ? ": librdkafka before 2.6.1 repeats its own part" : "";
      return failedSilently(`the nonce is not the agreed one${hint}`);
    }
    if (final.channelBinding.toString("utf8") !== first.gs2Header) {
      return failedSilently("the channel binding is not the one of the first message");
    }
    const authMessage = `${first.bare},${serverFirst},${final.withoutProof}`;
    if (account === undefined) return failedSilently(`there is no ${nameFor(first)}`);
    const { mechanism } = this.#options;
    const { credential, principal, expiresAtMs } = account;
    const signature = scramHmac(mechanism, credential.storedKey, authMessage);
    if (final.proof.length !== signature.length) return failedSilently("the proof is malformed");
    const clientKey = Buffer.from(signature.map((byte, index) => byte ^ (final.proof[index] ?? 0)));
    if (!isSameSecret(scramHash(mechanism, clientKey), credential.storedKey)) {
      return failedSilently(`wrong password of ${nameFor(first)}`);
    }
    const serverSignature = scramHmac(mechanism, credential.serverKey, authMessage);
    return {
      kind: "complete",
      challenge: Buffer.from(`v=${serverSignature.toString("base64")}`),
      principal,
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    };
  }
}

/** For the log: quotes keep what a stranger sent from looking like a line of ours. */
function nameFor({ username, isToken }: ClientFirst): string {
  return `${isToken ? "token" : "user"} ${JSON.stringify(username.slice(0, 100))}`;
}
