import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Certificates, freePort, lacking } from "@millrace/conformance/harness";
import type { TlsClientOptions } from "@millrace/platform";
import { creatorAcl } from "@millrace/zookeeper";
import { recorder, startServer, type ZooKeeperServer } from "../src/index.ts";

const skip = await lacking("zookeeper-3.9");

describe("a ZooKeeper 3.9 server with TLS and SASL", { skip, concurrency: false }, () => {
  let folder: string;
  let server: ZooKeeperServer;
  let secure: string;
  let tls: TlsClientOptions;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-zookeeper-tls-"));
    const certificates = new Certificates(folder);
    certificates.authority("authority");
    certificates.sign("server", "authority");
    const pem = certificates.path("server-both.pem");
    const texts = ["server.key", "server.pem"].map((name) => readFileSync(join(folder, name)));
    writeFileSync(pem, Buffer.concat(texts));
    const jaas = join(folder, "jaas.conf");
    const login = "org.apache.zookeeper.server.auth.DigestLoginModule";
    writeFileSync(jaas, `Server { ${login} required user_b="b"; };\n`);
    const securePort = await freePort();
    secure = `127.0.0.1:${securePort}`;
    const authority = certificates.path("authority.pem");
    server = await startServer({
      release: "3.9",
      lines: [
        `secureClientPort=${securePort}`,
        "secureClientPortAddress=127.0.0.1",
        "authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
      ],
      properties: {
        "zookeeper.serverCnxnFactory": "org.apache.zookeeper.server.NettyServerCnxnFactory",
        "zookeeper.ssl.keyStore.location": pem,
        "zookeeper.ssl.trustStore.location": authority,
        "zookeeper.ssl.clientAuth": "none",
        "java.security.auth.login.config": jaas,
        "file.encoding": "UTF-8",
      },
    });
    await server.ready();
    tls = {
      identity: undefined,
      trustedCertificates: [readFileSync(authority, "utf8")],
      serverName: "localhost",
      isNameChecked: true,
      versionMin: "TLSv1.2",
      versionMax: "TLSv1.3",
      ciphers: [],
    };
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a session goes over TLS, and only to a server whose certificate is trusted", async () => {
    await using one = recorder(secure, { tls });
    await one.client.connect(10_000);
    const { path } = await one.client.create("/tls-", { mode: "ephemeralSequential" });
    assert.ok(await one.client.exists(path));
    await using other = recorder(secure, { tls: { ...tls, trustedCertificates: undefined } });
    await assert.rejects(other.client.connect(500), {
      code: "ZOOKEEPER_CONNECTION_LOSS",
      outcome: "notSent",
    });
  });

  test("SASL makes the session that user, over TLS too", async () => {
    for (const [address, options] of [
      [server.address, {}],
      [secure, { tls }],
    ] as const) {
      await using one = recorder(address, { ...options, sasl: { username: "b", password: "b" } });
      await one.client.connect(10_000);
      const { path } = await one.client.create("/sasl-", {
        mode: "ephemeralSequential",
        acl: creatorAcl,
      });
      const { acl } = await one.client.getAcl(path);
      assert.deepEqual(acl, [{ permissions: 31, scheme: "sasl", id: "b" }]);
      await using stranger = recorder(server.address);
      await stranger.client.connect(5000);
      await assert.rejects(stranger.client.getData(path), { reason: "NO_AUTH" });
    }
  });

  test("a wrong password ends the session as authFailed", async () => {
    await using one = recorder(server.address, { sasl: { username: "b", password: "wrong" } });
    await assert.rejects(one.client.connect(10_000), {
      code: "ZOOKEEPER_SESSION_ENDED",
      reason: "authFailed",
    });
    assert.equal(one.client.state, "authFailed");
    await assert.rejects(one.client.exists("/"), { outcome: "notSent" });
  });
});
