import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { type Broker, freePort, startMillrace } from "@millrace/conformance/harness";

/** The listeners of a guarded broker, with their protection. */
const guards = { TLS: "SSL", LOGIN: "SASL_PLAINTEXT", BOTH: "SASL_SSL" } as const;

/** The name of a guarded listener. */
export type Guard = keyof typeof guards;

/** Who may log in. */
export const user = { name: "good", password: "secret" } as const;

/** A broker in a process of its own, with a listener of each protection. */
export class GuardedBroker implements AsyncDisposable {
  readonly #folder: string;
  readonly #broker: Broker;
  readonly #ports: Readonly<Record<Guard, number>>;
  readonly #certificate: string;

  private constructor(folder: string, broker: Broker, ports: Readonly<Record<Guard, number>>) {
    this.#folder = folder;
    this.#broker = broker;
    this.#ports = ports;
    this.#certificate = readFileSync(join(folder, "certificate.pem"), "utf8");
  }

  /** Starts one. @throws Error without openssl, which makes its certificate. */
  static async start(): Promise<GuardedBroker> {
    const folder = mkdtempSync(join(tmpdir(), "millrace-guarded-"));
    makeKeyStore(folder);
    const ports = { TLS: await freePort(), LOGIN: await freePort(), BOTH: await freePort() };
    const map = Object.entries(guards).map(([name, protocol]) => `${name}:${protocol}`);
    const login = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    const jaas = `${login} user_${user.name}="${user.password}";`;
    const properties = [
      `listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,${map.join(",")}`,
      "ssl.keystore.type=PEM",
      `ssl.keystore.location=${join(folder, "key-store.pem")}`,
      "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256",
      `listener.name.login.plain.sasl.jaas.config=${jaas}`,
      `listener.name.both.plain.sasl.jaas.config=${jaas}`,
      "connection.failed.authentication.delay.ms=10",
      // A thousand at once: with the usual 50 the kernel lets each wait a second for its turn.
      "socket.listen.backlog.size=2000",
    ];
    const broker = await startMillrace({ properties, listeners: ports });
    return new GuardedBroker(folder, broker, ports);
  }

  get pid(): number {
    return this.#broker.pid;
  }

  /** A TCP connection to a listener, whatever its protection. */
  async openBare(guard: Guard): Promise<Socket> {
    const socket = connect({ host: "127.0.0.1", port: this.#ports[guard], noDelay: true });
    await once(socket, "connect");
    return socket;
  }

  /** A connection that is encrypted where the listener is, by default with the newest version. */
  async open(guard: Guard, options: tls.ConnectionOptions = {}): Promise<Socket> {
    const bare = await this.openBare(guard);
    return guard === "LOGIN" ? bare : this.encrypt(bare, options);
  }

  /** Encrypts a connection, and trusts nobody but the broker. */
  async encrypt(bare: Socket, options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
    const trust = { ca: this.#certificate, host: "127.0.0.1" };
    const socket = tls.connect({ socket: bare, ...trust, ...options });
    await once(socket, "secureConnect");
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#broker[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function makeKeyStore(folder: string): void {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const names = ["-subj", "/CN=guarded", "-addext", "subjectAltName=IP:127.0.0.1"];
  const out = ["-days", "2", "-keyout", "key.pem", "-out", "certificate.pem"];
  const options = { cwd: folder, stdio: "pipe" } as const;
  execFileSync("openssl", ["req", "-x509", ...key, ...names, ...out], options);
  const parts = ["key.pem", "certificate.pem"].map((name) => readFileSync(join(folder, name)));
  writeFileSync(join(folder, "key-store.pem"), Buffer.concat(parts));
}
