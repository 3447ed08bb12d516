import type { Platform } from "@millrace/platform";
import { KafkaError } from "../../errors/kafka-error.ts";
import type { SaslOptions } from "../../options/client-options.ts";
import { oauthbearer } from "./oauthbearer.ts";
import { OidcTokens } from "./oidc.ts";
import { plain } from "./plain.ts";
import type { SaslMechanism } from "./sasl-mechanism.ts";
import { scram } from "./scram.ts";

/** Gives the mechanism that the options name. @throws KafkaError INVALID_OPTION */
export function mechanismOf(
  options: SaslOptions,
  platform: Pick<Platform, "random" | "clock" | "http">,
): SaslMechanism {
  switch (options.mechanism) {
    case "plain":
      return plain(options);
    case "scram-sha-256":
    case "scram-sha-512":
      return scram({
        name: options.mechanism === "scram-sha-256" ? "SCRAM-SHA-256" : "SCRAM-SHA-512",
        credentials: options,
        tokenAuth: options.tokenAuth ?? false,
        random: platform.random,
      });
    case "oauthbearer": {
      const extensions = options.extensions ?? {};
      if ("token" in options) return oauthbearer({ token: options.token, extensions });
      const tokens = new OidcTokens(options.oidc, platform);
      return oauthbearer({ token: () => tokens.token(), extensions });
    }
    default: {
      const { mechanism } = options as { readonly mechanism: unknown };
      throw new KafkaError("INVALID_OPTION", `sasl.mechanism is ${String(mechanism)}`, {
        hint: "It is plain, scram-sha-256, scram-sha-512 or oauthbearer.",
      });
    }
  }
}
