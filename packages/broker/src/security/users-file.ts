import { type FileSystem, IoError, type Logger, type Offload } from "@millrace/platform";

import { storedKeyTask } from "./password-tasks.ts";
import { type ScramCredential, type ScramMechanism, scramMechanismOf } from "./scram-credential.ts";
import { isSameSecret } from "./secret-equality.ts";

/** How a user of the file proves who it is. */
type Secret = { readonly kind: "password"; readonly password: string } | HashedSecret;

interface HashedSecret {
  readonly kind: "hash";
  readonly mechanism: ScramMechanism;
  readonly credential: ScramCredential;
}

/** What a file of users works with. */
export interface UsersFileOptions {
  readonly path: string;
  readonly fileSystem: FileSystem;
  readonly offload: Offload;
  readonly logger: Logger;
}

/**
 * The users of `millrace.sasl.users.file`: a line each, `name=password` or the password's hash as
 * `name={SCRAM-SHA-256}salt=…,stored_key=…,server_key=…,iterations=…`; `#` begins a comment. The
 * file is read again when it has changed, so that whoever is taken out is out.
 */
export class UsersFile {
  readonly #path: string;
  readonly #fileSystem: FileSystem;
  readonly #offload: Offload;
  readonly #logger: Logger;
  #stamp = "";
  #users: ReadonlyMap<string, Secret> = new Map();
  /** What whoever is not in the file is compared with, where there are hashes. */
  #decoy: HashedSecret | undefined;
  /** The end of the last comparison with a hash that was asked for. */
  #lastHashed: Promise<unknown> = Promise.resolve();

  constructor({ path, fileSystem, offload, logger }: UsersFileOptions) {
    this.#path = path;
    this.#fileSystem = fileSystem;
    this.#offload = offload;
    this.#logger = logger;
  }

  /**
   * Whether a user of the file has this password; undefined when the file has no such user, which
   * takes as long as a wrong password where the file has hashes.
   * @throws OffloadError when hashing failed.
   */
  async check(username: string, password: string): Promise<boolean | undefined> {
    this.#refresh();
    const secret = this.#users.get(username);
    if (secret?.kind === "password") return isSameSecret(password, secret.password);
    if (secret !== undefined) return this.#hasHash(secret, password);
    if (this.#decoy !== undefined) await this.#hasHash(this.#decoy, password);
    return undefined;
  }

  /** One after the other: strangers that ask for many do not take the workers from the logs. */
  async #hasHash({ mechanism, credential }: HashedSecret, password: string): Promise<boolean> {
    const { salt, iterations, storedKey } = credential;
    const input = { mechanism: mechanism.name, password, salt, iterations };
    const hashed = this.#lastHashed.then(() => this.#offload.run(storedKeyTask, input));
    this.#lastHashed = hashed.catch(() => {});
    return isSameSecret(await hashed, storedKey);
  }

  #refresh(): void {
    const stat = this.#fileSystem.stat(this.#path);
    const stamp = stat === undefined ? "absent" : `${stat.modifiedMs}:${stat.sizeBytes}`;
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#users = this.#read();
    this.#decoy = [...this.#users.values()].find((secret) => secret.kind === "hash");
  }

  #read(): ReadonlyMap<string, Secret> {
    const users = new Map<string, Secret>();
    try {
      const lines = this.#fileSystem.readFile(this.#path).toString("utf8").split(/\r?\n/);
      for (const [index, line] of lines.entries()) this.#readLine(line, index + 1, users);
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
      // Nobody gets in by a file that cannot be read.
      this.#logger.error("the users file cannot be read", { path: this.#path, error });
    }
    return users;
  }

  #readLine(line: string, lineNumber: number, users: Map<string, Secret>): void {
    const [, name, text] = /^\s*([^#=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || text === undefined || text === "") {
      if (/^\s*(#|$)/.test(line)) return;
      this.#logger.warn("a line of the users file is not name=password", {
        path: this.#path,
        lineNumber,
      });
      return;
    }
    const secret = readSecret(text);
    if (secret !== undefined) {
      users.set(name, secret);
      return;
    }
    const where = { path: this.#path, lineNumber };
    this.#logger.warn("a hash of the users file cannot be read", where);
  }
}

function readSecret(text: string): Secret | undefined {
  const [, name, rest = ""] = /^\{(SCRAM-SHA-(?:256|512))\}(.*)$/.exec(text) ?? [];
  if (name === undefined) return { kind: "password", password: text };
  const mechanism = scramMechanismOf(name);
  const parts = new Map(
    rest.split(",").map((part) => {
      const separator = part.indexOf("=");
      return [part.slice(0, separator).trim(), part.slice(separator + 1).trim()] as const;
    }),
  );
  const bytes = (key: string): Buffer => Buffer.from(parts.get(key) ?? "", "base64");
  const iterations = Number(parts.get("iterations"));
  const storedKey = bytes("stored_key");
  if (mechanism === undefined || storedKey.length !== mechanism.keyBytes) return undefined;
  if (!Number.isSafeInteger(iterations) || iterations < 1 || iterations > 1_000_000) {
    return undefined;
  }
  const credential = { salt: bytes("salt"), storedKey, serverKey: bytes("server_key"), iterations };
  return { kind: "hash", mechanism, credential };
}
