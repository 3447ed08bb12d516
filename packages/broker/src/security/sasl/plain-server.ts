import { userPrincipal } from "../principal.ts";
import { failedWith, type SaslServer, type SaslStep } from "./sasl-server.ts";

/** Whether a user has this password. It takes as long for a user who does not exist. */
export type PasswordCheck = (username: string, password: string) => Promise<boolean>;

/**
 * PLAIN (RFC 4616): one message, `[authorization id] NUL user NUL password`. An authorization id
 * other than the user is refused (CVE-2017-12610). Wordings are Kafka's: clients show them.
 */
export class PlainServer implements SaslServer {
  readonly #isPassword: PasswordCheck;

  constructor(isPassword: PasswordCheck) {
    this.#isPassword = isPassword;
  }

  async evaluate(token: Buffer): Promise<SaslStep> {
    const parts = token.toString("utf8").split("\0");
    const [authorizationId = "", username = "", password = ""] = parts;
    if (parts.length !== 3) {
      return failedWith(`Invalid SASL/PLAIN response: expected 3 tokens, got ${parts.length}`);
    }
    if (username === "") return failedWith("Authentication failed: username not specified");
    if (password === "") return failedWith("Authentication failed: password not specified");
    if (!(await this.#isPassword(username, password))) {
      return failedWith("Authentication failed: Invalid username or password");
    }
    if (authorizationId !== "" && authorizationId !== username) {
      return failedWith(
        "Authentication failed: Client requested an authorization id that is different from username",
      );
    }
    return { kind: "complete", challenge: Buffer.alloc(0), principal: userPrincipal(username) };
  }
}
