import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Certificates of a folder, made with openssl: names are those of its files. */
export class Certificates {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The path of a file. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Makes NAME.pem and NAME.key that sign others. */
  authority(name: string): void {
    const out = ["-keyout", `${name}.key`, "-out", `${name}.pem`, "-days", "2"];
    this.openssl("req", "-x509", ...newKey, "-subj", `/CN=${name}`, ...out);
  }

  /** Makes NAME.pem and NAME.key, signed; `days` below 0 makes one that has expired. */
  sign(
    name: string,
    authority: string,
    options: { readonly subject?: string; readonly days?: number } = {},
  ): void {
    const { subject = `/CN=${name}`, days = 2 } = options;
    const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    const request = ["-keyout", `${name}.key`, "-out", `${name}.csr`];
    this.openssl("req", ...newKey, "-utf8", "-subj", subject, ...names, ...request);
    const by = ["-CA", `${authority}.pem`, "-CAkey", `${authority}.key`, "-CAcreateserial"];
    const out = ["-days", String(days), "-copy_extensions", "copy", "-out", `${name}.pem`];
    this.openssl("x509", "-req", "-in", `${name}.csr`, ...by, ...out);
  }

  /** Runs openssl in the folder. */
  openssl(...args: readonly string[]): void {
    execFileSync("openssl", args, { cwd: this.folder, stdio: "pipe" });
  }
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
