import type { MillraceError } from "@millrace/platform";
import { ZooKeeperError } from "../errors.ts";
import { encode, part } from "../jute/jute.ts";
import { authPacket, opCodes } from "../messages.ts";
import type { Call } from "../session/call.ts";
import type { Credentials } from "./digest-md5.ts";

/** The users of scheme `digest` that a session is: every server that it meets is told. */
export class Users {
  readonly #calls: Call[];
  readonly #refused: (error: MillraceError) => void;

  constructor(digests: readonly Credentials[], refused: (error: MillraceError) => void) {
    this.#refused = refused;
    this.#calls = digests.map((credentials) => this.#call(credentials));
  }

  /** Adds a user; @returns what tells the server in use. */
  add(credentials: Credentials): Call {
    const call = this.#call(credentials);
    this.#calls.push(call);
    return call;
  }

  calls(): readonly Call[] {
    return this.#calls;
  }

  #call({ username, password }: Credentials): Call {
    const operation = "addAuth";
    const auth = Buffer.from(`${username}:${password}`, "utf8");
    return {
      operation,
      opCode: opCodes.auth,
      path: undefined,
      body: encode(part(authPacket, { type: 0, scheme: "digest", auth })),
      answered: ({ errorCode }) => {
        if (errorCode === 0) return;
        this.#refused(new ZooKeeperError({ operation, errorCode, path: undefined }));
      },
      // The next connection is told again.
      failed: () => undefined,
    };
  }
}
