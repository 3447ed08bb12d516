import type { HttpClient, Platform } from "@millrace/platform";

import { LimitedLogger } from "../server/limited-logger.ts";
import type { OauthbearerConfig } from "../config/security-config.ts";

/** Whose token it is and until when, or why it is refused. A reason never repeats the token. */
export type TokenOutcome =
  | { readonly ok: true; readonly subject: string; readonly expiresAtMs: number }
  | { readonly ok: false; readonly reason: string };

/** What tokens are judged with; a test answers for the issuer. */
export type ValidatorPlatform = Pick<Platform, "clock" | "fileSystem" | "logger"> & {
  readonly http: HttpClient;
};

/** Judges tokens of OAUTHBEARER. */
export interface TokenValidator {
  validate(token: string): Promise<TokenOutcome>;
}

/** The validators of a broker's listeners, made when the first token comes. */
export class TokenValidators {
  readonly #platform: ValidatorPlatform;
  readonly #byConfig = new Map<string, TokenValidator>();

  constructor({ clock, fileSystem, http, logger }: ValidatorPlatform) {
    // Every token of a stranger may have the keys looked for, and not found.
    this.#platform = { clock, fileSystem, http, logger: new LimitedLogger(logger, clock) };
  }

  /** The validator of a listener's configuration: one for all that say the same. */
  of(config: OauthbearerConfig | undefined): TokenValidator {
    if (config === undefined) {
      return { validate: () => Promise.resolve({ ok: false, reason: "it is not configured" }) };
    }
    const key = JSON.stringify(config);
    const known = this.#byConfig.get(key);
    if (known !== undefined) return known;
    const platform = this.#platform;
    const loading = import("./jwt-validator.ts");
    const validator: TokenValidator = {
      validate: async (token) => {
        const { JwtValidator } = await loading;
        made ??= new JwtValidator(config, platform);
        return made.validate(token);
      },
    };
    let made: TokenValidator | undefined;
    this.#byConfig.set(key, validator);
    return validator;
  }
}
