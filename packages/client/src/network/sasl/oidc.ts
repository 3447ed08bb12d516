import type { Clock, HttpPoster } from "@millrace/platform";
import { asKafkaError, KafkaError } from "../../errors/kafka-error.ts";
import type { OauthToken, OidcOptions } from "../../options/client-options.ts";

const timeoutMsDefault = 10_000;
const answerBytesMax = 1024 * 1024;
/** A token is fetched anew when this part of its life is over (Java: 0.80). */
const renewPart = 0.8;

/** Fetches tokens by client credentials (RFC 6749 §4.4) and keeps each for most of its life. */
export class OidcTokens {
  readonly #options: OidcOptions;
  readonly #platform: { readonly clock: Clock; readonly http: HttpPoster };
  #token: OauthToken | undefined;
  #renewAtMs = 0;
  #fetching: Promise<OauthToken> | undefined;

  constructor(
    options: OidcOptions,
    platform: { readonly clock: Clock; readonly http: HttpPoster },
  ) {
    this.#options = options;
    this.#platform = platform;
  }

  /** A token that is good for a while. @throws KafkaError TOKEN_UNAVAILABLE */
  async token(): Promise<OauthToken> {
    if (this.#token !== undefined && this.#platform.clock.nowMs() < this.#renewAtMs) {
      return this.#token;
    }
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<OauthToken> {
    const { tokenEndpointUrl, timeoutMs = timeoutMsDefault } = this.#options;
    const beganMs = this.#platform.clock.nowMs();
    const text = await this.#post(tokenEndpointUrl, timeoutMs);
    const answer = parse(text);
    const value = "access_token" in answer ? answer.access_token : undefined;
    if (typeof value !== "string") {
      throw new KafkaError(
        "TOKEN_UNAVAILABLE",
        `${tokenEndpointUrl} answered without access_token`,
      );
    }
    const lifeMs =
      "expires_in" in answer && typeof answer.expires_in === "number"
        ? answer.expires_in * 1000
        : 0;
    this.#renewAtMs = beganMs + lifeMs * renewPart;
    this.#token = { value, expiresAtMs: beganMs + lifeMs };
    return this.#token;
  }

  async #post(url: string, timeoutMs: number): Promise<string> {
    const { clientId, clientSecret, scope, parameters } = this.#options;
    const encode = (this.#options.urlEncodeHeader ?? true) ? formEncoded : (text: string) => text;
    const credentials = `${encode(clientId)}:${encode(clientSecret)}`;
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      ...(scope === undefined ? {} : { scope }),
      ...parameters,
    });
    const { http } = this.#platform;
    try {
      return await http.postForm(
        url,
        {
          body: form.toString(),
          authorization: `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`,
        },
        { timeoutMs, bytesMax: answerBytesMax },
      );
    } catch (error) {
      throw asKafkaError(error, "TOKEN_UNAVAILABLE", { what: "the token cannot be fetched" });
    }
  }
}

/** RFC 6749 appendix B: what stands in the header is encoded as in a form. */
function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice("text=".length);
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // What was answered may hold a token: it is not repeated.
  }
  throw new KafkaError("TOKEN_UNAVAILABLE", "the identity provider's answer is no JSON object");
}
