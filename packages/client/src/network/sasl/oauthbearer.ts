import { asKafkaError, KafkaError } from "../../errors/kafka-error.ts";
import type { OauthToken } from "../../options/client-options.ts";
import type { SaslExchange, SaslMechanism } from "./sasl-mechanism.ts";

/** Separates the parts of a message (RFC 7628). */
const separator = "\u0001";

/** What OAUTHBEARER is made with. */
export interface OauthbearerOptions {
  readonly token: () => string | OauthToken | Promise<string | OauthToken>;
  readonly extensions: Readonly<Record<string, string>>;
}

/** OAUTHBEARER (RFC 7628): a token that somebody else has given, with KIP-342's extensions. */
export function oauthbearer({ token, extensions }: OauthbearerOptions): SaslMechanism {
  return {
    name: "OAUTHBEARER",
    begin: async () => {
      const given = await ask(token);
      const all = { ...extensions, ...given.extensions };
      for (const [name, value] of Object.entries(all)) checkExtension(name, value);
      return new BearerExchange(given.value, all);
    },
  };
}

async function ask(token: OauthbearerOptions["token"]): Promise<OauthToken> {
  try {
    const given = await token();
    const { value, ...rest } = typeof given === "string" ? { value: given } : given;
    if (/^[A-Za-z0-9\-._~+/]+=*$/.test(value)) return { value, ...rest };
  } catch (error) {
    throw asKafkaError(error, "TOKEN_UNAVAILABLE", { what: "the token function failed" });
  }
  throw new KafkaError("TOKEN_UNAVAILABLE", "what the token function gave is no token", {
    retriable: false,
  });
}

function checkExtension(name: string, value: string): void {
  // As Apache Kafka's OAuthBearerClientInitialResponse: `auth` is the token's own name.
  const isGood = /^[A-Za-z]+$/.test(name) && name !== "auth" && /^[\x21-\x7E \t\r\n]+$/.test(value);
  if (isGood) return;
  throw new KafkaError(
    "INVALID_OPTION",
    `the SASL extension ${name} has a name or value that is not allowed`,
  );
}

class BearerExchange implements SaslExchange {
  readonly #value: string;
  readonly #extensions: Readonly<Record<string, string>>;

  constructor(value: string, extensions: Readonly<Record<string, string>>) {
    this.#value = value;
    this.#extensions = extensions;
  }

  first(): Buffer {
    const extensions = Object.entries(this.#extensions).map(
      ([name, value]) => `${separator}${name}=${value}`,
    );
    const message = `n,,${separator}auth=Bearer ${this.#value}${extensions.join("")}`;
    return Buffer.from(`${message}${separator}${separator}`, "utf8");
  }

  next(challenge: Buffer): Buffer | undefined {
    if (challenge.length === 0) return undefined;
    // The broker has refused the token and says why; RFC 7628 wants one more message, after which
    // it ends the authentication with an error.
    return Buffer.from(separator, "utf8");
  }
}
