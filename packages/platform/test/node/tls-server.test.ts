import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import tls from "node:tls";
import { type Connection, NetworkError, type TlsServerOptions } from "@millrace/platform";
import { NodeNetwork } from "../../src/node/network.ts";
import { createTlsServer } from "../../src/node/tls-server.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-tls-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);
const openssl = (...args: readonly string[]): void => {
  execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
};
const text = (name: string): string => readFileSync(file(name), "utf8");

function makeAuthority(name: string): void {
  const subject = ["-subj", `/CN=${name}`];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const out = ["-keyout", `${name}.key`, "-out", `${name}.pem`, "-days", "2"];
  openssl("req", "-x509", ...key, ...subject, ...out);
}

function certify(name: string, authority: string): void {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  openssl("req", ...key, ...subject, "-keyout", `${name}.key`, "-out", `${name}.csr`);
  const by = ["-CA", `${authority}.pem`, "-CAkey", `${authority}.key`, "-CAcreateserial"];
  const out = ["-out", `${name}.pem`, "-days", "2", "-copy_extensions", "copy"];
  openssl("x509", "-req", "-in", `${name}.csr`, ...by, ...out);
}

makeAuthority("authority");
makeAuthority("stranger");
certify("server", "authority");
certify("server2", "authority");
certify("alice", "authority");
certify("mallory", "stranger");

function serverOptions(given: Partial<TlsServerOptions> = {}): TlsServerOptions {
  return {
    identity: {
      kind: "pem",
      certificateChain: text("server.pem"),
      privateKey: text("server.key"),
      passphrase: undefined,
    },
    trustedCertificates: [text("authority.pem")],
    peerCertificate: "none",
    versionMin: "TLSv1.2",
    versionMax: "TLSv1.3",
    ciphers: [],
    handshakeTimeoutMs: 5000,
    ...given,
  };
}

interface Asked {
  readonly echoed: string;
  readonly serverName: string;
  readonly protocol: string | null;
}

/** Sends bytes over TLS, waits for their echo; rejects when the connection ends before. */
function ask(port: number, options: tls.ConnectionOptions = {}): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const ca = text("authority.pem");
    const socket = tls.connect({ host: "127.0.0.1", port, ca, ...options }, () => {
      socket.write("hello");
    });
    socket.once("data", (bytes: Buffer) => {
      const names = socket.getPeerX509Certificate()?.subject ?? "";
      resolve({ echoed: bytes.toString(), serverName: names, protocol: socket.getProtocol() });
      socket.destroy();
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed")));
  });
}

const as = (name: string): tls.ConnectionOptions => ({
  cert: text(`${name}.pem`),
  key: text(`${name}.key`),
});

async function echoServer(options: TlsServerOptions) {
  const certificates: (string | undefined)[] = [];
  const network = new NodeNetwork();
  const listener = await network.listen(
    { host: "127.0.0.1", port: 0, tls: options },
    (connection: Connection) => {
      connection.onData((bytes) => {
        const certificate = connection.peerCertificate();
        certificates.push(certificate && Buffer.from(certificate).toString("base64").slice(0, 8));
        connection.write([bytes.subarray(0, 1), bytes.subarray(1)]);
      });
      connection.resume();
    },
  );
  return { listener, certificates, port: listener.port };
}

test("bytes go both ways once the handshake is done", async () => {
  const { listener, port, certificates } = await echoServer(serverOptions());
  const asked = await ask(port);
  assert.deepEqual(asked, { echoed: "hello", serverName: "CN=server", protocol: "TLSv1.3" });
  assert.deepEqual(certificates, [undefined]);
  await listener.close();
});

test("a certificate that is required is refused when it is missing or somebody else's", async () => {
  const { listener, port, certificates } = await echoServer(
    serverOptions({ peerCertificate: "required" }),
  );
  await assert.rejects(ask(port));
  await assert.rejects(ask(port, as("mallory")));
  assert.equal((await ask(port, as("alice"))).echoed, "hello");
  assert.equal(certificates.length, 1);
  assert.notEqual(certificates[0], undefined);
  await listener.close();
});

test("one that is requested may be missing, but not somebody else's", async () => {
  const { listener, port, certificates } = await echoServer(
    serverOptions({ peerCertificate: "requested" }),
  );
  assert.equal((await ask(port)).echoed, "hello");
  assert.equal((await ask(port, as("alice"))).echoed, "hello");
  await assert.rejects(ask(port, as("mallory")));
  assert.deepEqual(certificates[0], undefined);
  assert.equal(certificates.length, 2);
  await listener.close();
});

test("a version below the lowest is refused", async () => {
  const { listener, port } = await echoServer(serverOptions({ versionMin: "TLSv1.3" }));
  await assert.rejects(ask(port, { maxVersion: "TLSv1.2" }));
  await listener.close();
  const old = await echoServer(serverOptions({ versionMax: "TLSv1.2" }));
  assert.equal((await ask(old.port)).protocol, "TLSv1.2");
  await old.listener.close();
});

test("other certificates count for connections from then on; wrong ones change nothing", async () => {
  const { listener, port } = await echoServer(serverOptions());
  const session = Promise.withResolvers<Buffer>();
  const open = tls.connect({ host: "127.0.0.1", port, ca: text("authority.pem") });
  open.on("session", session.resolve);
  const opened = Promise.withResolvers<void>();
  open.once("secureConnect", opened.resolve);
  await opened.promise;
  open.write("x");
  const identity = {
    kind: "pem",
    certificateChain: text("server2.pem"),
    privateKey: text("server2.key"),
    passphrase: undefined,
  } as const;
  listener.updateTls(serverOptions({ identity, peerCertificate: "required" }));
  const badKey = { ...identity, privateKey: text("server.key") };
  assert.throws(
    () => listener.updateTls(serverOptions({ identity: badKey })),
    (error) => error instanceof NetworkError && error.systemCode === "TLS_CONTEXT",
  );
  assert.equal((await ask(port, as("alice"))).serverName, "CN=server2");
  await assert.rejects(ask(port));
  // What was agreed with the old certificates is no way around the new ones.
  await assert.rejects(ask(port, { session: await session.promise }));
  const answered = Promise.withResolvers<Buffer>();
  open.once("data", answered.resolve);
  open.write("still");
  assert.ok((await answered.promise).length > 0);
  open.destroy();
  await listener.close();
});

test("a peer that never ends its handshake is closed, and so is one that speaks no TLS", async () => {
  const closed: string[] = [];
  const network = new NodeNetwork();
  const both = Promise.withResolvers<void>();
  const tlsOptions = serverOptions({ handshakeTimeoutMs: 50 });
  const listener = await network.listen(
    { host: "127.0.0.1", port: 0, tls: tlsOptions },
    (connection) => {
      connection.onClose((error) => {
        closed.push(error?.message ?? "no error");
        if (closed.length === 2) both.resolve();
      });
      connection.resume();
    },
  );
  const target = { host: "127.0.0.1", port: listener.port, timeoutMs: 1000 };
  const silent = await network.connect(target);
  silent.onData(() => {});
  const plain = await network.connect(target);
  plain.onData(() => {});
  plain.write([Buffer.from("0000000e0003000100000007ffff00000000", "hex")]);
  await both.promise;
  assert.equal(closed.length, 2);
  await listener.close();
});

test("a key is decrypted, a PKCS12 file is read, and what does not fit is told", () => {
  const network = new NodeNetwork();
  openssl("pkcs8", "-topk8", "-in", "server.key", "-out", "locked.key", "-passout", "pass:secret");
  const pkcs12 = ["-inkey", "server.key", "-in", "server.pem", "-passout", "pass:p12"];
  openssl("pkcs12", "-export", ...pkcs12, "-out", "server.p12");
  const locked = (passphrase: string | undefined): TlsServerOptions =>
    serverOptions({
      identity: {
        kind: "pem",
        certificateChain: text("server.pem"),
        privateKey: text("locked.key"),
        passphrase,
      },
    });
  assert.equal(network.checkTls(locked("secret")), undefined);
  assert.match(network.checkTls(locked("wrong")) ?? "", /cannot be used/);
  assert.match(network.checkTls(locked(undefined)) ?? "", /cannot be used/);
  const stored = (passphrase: string): TlsServerOptions =>
    serverOptions({
      identity: { kind: "pkcs12", bytes: readFileSync(file("server.p12")), passphrase },
    });
  assert.equal(network.checkTls(stored("p12")), undefined);
  assert.match(network.checkTls(stored("wrong")) ?? "", /cannot be used/);
  assert.match(network.checkTls(serverOptions({ ciphers: ["NO-SUCH"] })) ?? "", /cannot be used/);
});

test("a connection that was reset before it was accepted is dropped", () => {
  const reading = { sharedBuffer: Buffer.alloc(1) };
  const { server } = createTlsServer(serverOptions(), reading, () =>
    assert.fail("nobody is there"),
  );
  const gone = new Socket();
  server.emit("connection", gone);
  assert.ok(gone.destroyed);
});

test("two connections of one peer's port, to two addresses, are not taken for each other", async () => {
  const subjects: string[] = [];
  const both = Promise.withResolvers<void>();
  let acceptedCount = 0;
  const listener = await new NodeNetwork().listen(
    { host: "0.0.0.0", port: 0, tls: serverOptions({ peerCertificate: "requested" }) },
    (connection) => {
      connection.onData(() => {
        subjects.push(connection.peerCertificate() === undefined ? "nobody" : "alice");
        connection.write([Buffer.from("x")]);
      });
      connection.resume();
      acceptedCount += 1;
      if (acceptedCount === 2) both.resolve();
    },
  );
  const from = { port: listener.port, localAddress: "127.0.0.1" };
  const first = connect({ ...from, host: "127.0.0.1" });
  await once(first, "connect");
  const { localPort } = first;
  assert.ok(localPort !== undefined);
  const second = connect({ ...from, host: "127.0.0.2", localPort });
  await both.promise;
  const checks = { ca: text("authority.pem"), servername: "localhost" };
  const nobody = tls.connect({ ...checks, socket: first });
  await once(nobody, "secureConnect");
  const alice = tls.connect({ ...checks, ...as("alice"), socket: second });
  await once(alice, "secureConnect");
  alice.write("hello");
  await once(alice, "data");
  nobody.write("hello");
  await Promise.race([once(nobody, "data"), once(alice, "data")]);
  assert.deepEqual(subjects, ["alice", "nobody"]);
  nobody.destroy();
  alice.destroy();
  await listener.close();
});

test("a connection that is only held costs no handshake", async () => {
  const accepted = Promise.withResolvers<Connection>();
  const listener = await new NodeNetwork().listen(
    { host: "127.0.0.1", port: 0, tls: serverOptions({ handshakeTimeoutMs: 1 }) },
    (connection) => {
      connection.onData(() => {});
      connection.pause();
      accepted.resolve(connection);
    },
  );
  const { port } = listener;
  const client = tls.connect({ host: "127.0.0.1", port, ca: text("authority.pem") });
  const connection = await accepted.promise;
  // The client's hello lies there, and is not answered before somebody wants to read.
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(client.bytesRead, 0);
  // It hears a reset: its hello was never read.
  const closed = new Promise((resolve) => client.on("error", resolve).once("close", resolve));
  connection.destroy();
  await closed;
  await listener.close();
});

test("a large answer leaves in slices, and whole", async () => {
  const queued: number[] = [];
  const answer = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 253));
  const listener = await new NodeNetwork().listen(
    { host: "127.0.0.1", port: 0, tls: serverOptions() },
    (connection) => {
      connection.onData(() => {
        connection.write([answer]);
        queued.push(connection.queuedBytes());
        connection.end();
      });
      connection.resume();
    },
  );
  const client = tls.connect({
    host: "127.0.0.1",
    port: listener.port,
    ca: text("authority.pem"),
  });
  client.write("hello");
  const pieces: Buffer[] = [];
  client.on("data", (bytes: Buffer) => pieces.push(bytes));
  await once(client, "close");
  assert.deepEqual(queued, [300_000]);
  assert.deepEqual(Buffer.concat(pieces), answer);
  await listener.close();
});

test("a receiver that pauses gets nothing until it resumes, and then each byte once", async () => {
  const sent = Buffer.from(Array.from({ length: 400_000 }, (_, index) => index % 253));
  const frame = Buffer.alloc(sent.length);
  const done = Promise.withResolvers<void>();
  let filledBytes = 0;
  let isPaused = false;
  const listener = await new NodeNetwork().listen(
    { host: "127.0.0.1", port: 0, tls: serverOptions() },
    (connection) => {
      connection.receiveInto({
        nextBuffer: () => frame.subarray(filledBytes),
        received: (sizeBytes) => {
          assert.ok(!isPaused, "bytes came to a receiver that does not read");
          filledBytes += sizeBytes;
          if (filledBytes === sent.length) done.resolve();
          isPaused = true;
          connection.pause();
          setImmediate(() => {
            isPaused = false;
            connection.resume();
          });
        },
      });
      connection.resume();
    },
  );
  const client = tls.connect({
    host: "127.0.0.1",
    port: listener.port,
    ca: text("authority.pem"),
  });
  client.write(sent);
  await done.promise;
  assert.deepEqual(frame, sent);
  client.destroy();
  await listener.close();
});
