import { createHmac } from "node:crypto";

import { type ClusterImage, scramKey } from "@millrace/metadata";
import type { Platform } from "@millrace/platform";

import type { BrokerConfig } from "../config/index.ts";
import type { ListenerSaslConfig, SaslMechanism } from "../config/security-config.ts";
import { DelegationTokens } from "./delegation-tokens.ts";
import { OauthbearerServer } from "./sasl/oauthbearer-server.ts";
import { PlainServer } from "./sasl/plain-server.ts";
import type { SaslServer } from "./sasl/sasl-server.ts";
import { type ScramAccount, ScramServer } from "./sasl/scram-server.ts";
import { userPrincipal } from "./principal.ts";
import { saltOf, type ScramMechanism, scramMechanismOf } from "./scram-credential.ts";
import { isSameSecret } from "./secret-equality.ts";
import { type TokenValidator, TokenValidators } from "./token-validators.ts";
import { UsersFile } from "./users-file.ts";

/** What a broker's credentials are found with. */
export interface BrokerSecurityOptions {
  readonly platform: Platform;
  readonly config: () => BrokerConfig;
  readonly image: () => ClusterImage;
}

const nonceBytes = 24;
const decoyKeyBytes = 32;

/** Who may log in to a broker, by whatever mechanism. */
export class BrokerSecurity {
  readonly tokens: DelegationTokens;
  readonly #options: BrokerSecurityOptions;
  /** Drawn when the first stranger comes. */
  #decoyKey: Uint8Array | undefined;
  readonly #validators: TokenValidators;
  #usersFile: { readonly path: string; readonly file: UsersFile } | undefined;

  constructor(options: BrokerSecurityOptions) {
    this.#options = options;
    const { platform, config, image } = options;
    const { clock, random } = platform;
    const secretKey = (): string | null => {
      const secret = config().delegationTokenSecretKey;
      // Kafka writes "unset" as an empty value too; whoever knows a token's id knew its proof.
      return secret === "" ? null : secret;
    };
    this.tokens = new DelegationTokens({ secretKey, image, clock, random });
    this.#validators = new TokenValidators(platform);
  }

  /** The broker's side of a mechanism, for one connection. */
  serverOf(mechanism: SaslMechanism, listener: ListenerSaslConfig): SaslServer {
    if (mechanism === "PLAIN") {
      return new PlainServer((name, password) => this.#isPassword(listener, name, password));
    }
    const scram = scramMechanismOf(mechanism);
    if (scram !== undefined) return this.#scramServer(scram);
    return new OauthbearerServer(this.#validatorOf(listener));
  }

  #validatorOf({ oauthbearer }: ListenerSaslConfig): TokenValidator {
    return this.#validators.of(oauthbearer);
  }

  async #isPassword(
    listener: ListenerSaslConfig,
    name: string,
    password: string,
  ): Promise<boolean> {
    const expected = listener.plainUsers.get(name);
    // Somebody who does not exist is compared with somebody who does not either.
    const isListed = isSameSecret(password, expected ?? "") && expected !== undefined;
    return isListed || (await this.#file()?.check(name, password)) === true;
  }

  #file(): UsersFile | undefined {
    const { platform, config } = this.#options;
    const path = config().millraceSaslUsersFile;
    if (path === null || path === "") return undefined;
    if (this.#usersFile?.path !== path) {
      const { fileSystem, offload, logger } = platform;
      this.#usersFile = { path, file: new UsersFile({ path, fileSystem, offload, logger }) };
    }
    return this.#usersFile.file;
  }

  #scramServer(mechanism: ScramMechanism): ScramServer {
    const { random } = this.#options.platform;
    return new ScramServer({
      mechanism,
      account: (name, isToken) =>
        isToken ? this.tokens.account(mechanism, name) : this.#userOf(mechanism, name),
      nonce: () => Buffer.from(random.bytes(nonceBytes)).toString("base64url"),
      decoySalt: (name) => this.#decoySalt(`${mechanism.name} ${name}`),
    });
  }

  #userOf(mechanism: ScramMechanism, name: string): ScramAccount | undefined {
    const key = scramKey({ name, mechanism: mechanism.id });
    const credential = this.#options.image().scramCredentials.get(key);
    return credential === undefined ? undefined : { credential, principal: userPrincipal(name) };
  }

  /** Who exists has another salt for each mechanism; so has who does not. */
  #decoySalt(mechanismAndName: string): Buffer {
    this.#decoyKey ??= this.#options.platform.random.bytes(decoyKeyBytes);
    const digest = createHmac("sha512", this.#decoyKey).update(mechanismAndName).digest();
    return saltOf(digest);
  }
}
