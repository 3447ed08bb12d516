import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Certificates, TokenIssuer } from "@millrace/conformance/harness";

/** A user and what proves it. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** The user of SASL/PLAIN. */
export const plainUser: Login = { username: "alice", password: "wonder;land" };

/** The user of SASL/SCRAM, with both hashes. */
export const scramUser: Login = { username: "carol", password: "scram-secret" };

const keyId = "key-1";

/**
 * Certificates and keys of a broker, in a folder of their own: `authority.pem` has signed
 * `server.pem` and `client.pem` (CN=client), `keys.json` is the key set of the issuer of tokens.
 */
export class Secrets {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes all of them in a new folder. */
  static make(): Secrets {
    const secrets = new Secrets(mkdtempSync(join(tmpdir(), "millrace-client-secrets-")));
    const certificates = new Certificates(secrets.folder);
    certificates.authority("authority");
    certificates.sign("server", "authority", { subject: "/CN=localhost" });
    certificates.sign("client", "authority");
    const server = [secrets.read("server.key"), secrets.read("server.pem")].join("\n");
    writeFileSync(secrets.path("server-store.pem"), server);
    const issuer = new TokenIssuer(keyId);
    writeFileSync(secrets.path("keys.json"), issuer.keySet());
    writeFileSync(secrets.path("issuer.key"), issuer.privateKey(), { mode: 0o600 });
    return secrets;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  /** A token that the broker believes: audience `kafka`, five minutes. */
  token(claims: Readonly<Record<string, unknown>>): string {
    return new TokenIssuer(keyId, this.read("issuer.key")).token(claims);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
