import assert from "node:assert/strict";
import { test } from "node:test";

import { simPlatform } from "@millrace/platform/sim";
import {
  type ApiSchema,
  ApiVersions,
  decodeResponse,
  encodeRequest,
  errorName,
  Metadata,
  type RequestInput,
  type ResponseOf,
  SaslAuthenticate,
  SaslHandshake,
} from "@millrace/protocol";
import fc from "fast-check";

import type { Principal } from "../../../src/security/principal.ts";
import { PlainServer } from "../../../src/security/sasl/plain-server.ts";
import { SaslDispatcher } from "../../../src/security/sasl/sasl-dispatcher.ts";
import { SaslSession } from "../../../src/security/sasl/sasl-session.ts";
import type { Answer } from "../../../src/server/answer.ts";

const failureDelayMs = 100;
const handlerMemoryBytes = 1_000_000;

/** A connection's dispatcher, with what came through to the handlers. */
class Given {
  readonly platform = simPlatform({ seed: 1 });
  readonly passed: number[] = [];
  readonly identified: Principal[] = [];
  readonly dispatcher: SaslDispatcher;

  constructor(maxReauthMs = 0) {
    const { clock, logger } = this.platform;
    const isPassword = (name: string, password: string): Promise<boolean> =>
      Promise.resolve(name === "alice" && password === "wonder");
    this.dispatcher = new SaslDispatcher({
      session: new SaslSession({
        mechanisms: ["PLAIN"],
        createServer: () => new PlainServer(isPassword),
        maxReauthMs: () => maxReauthMs,
        nowMs: () => clock.nowMs(),
      }),
      mechanisms: ["PLAIN"],
      inner: {
        identify: (principal) => void this.identified.push(principal),
        mayOverlap: () => true,
        memoryOf: () => handlerMemoryBytes,
        dispatch: (frame): Answer => {
          this.passed.push(frame.readInt16BE(0));
          return { kind: "send", chunks: [Buffer.from("handled")] };
        },
      },
      clock,
      logger,
      metrics: { succeeded: () => {}, failed: () => {}, expired: () => {} },
      remoteHost: "client",
      limits: { frameBytesMax: 1000, timeoutMs: 1000, failureDelayMs },
    });
  }

  async frame(frame: Buffer): Promise<Answer> {
    const answer = Promise.resolve(this.dispatcher.dispatch(frame, () => {}));
    let isDone = false;
    void answer.then(() => {
      isDone = true;
    });
    assert.ok(await this.platform.clock.runUntil(() => isDone, 10_000));
    return answer;
  }

  send<Api extends ApiSchema>(api: Api, version: number, body: RequestInput<Api>): Promise<Answer> {
    return this.frame(frameOf(api, version, body));
  }

  async authenticate(text: string, version = 2) {
    const answer = await this.send(SaslAuthenticate, version, { authBytes: Buffer.from(text) });
    const body = bodyOf(SaslAuthenticate, version, answer);
    return { ...body, error: errorName(body.errorCode), answer };
  }

  async logIn(): Promise<void> {
    await this.send(SaslHandshake, 1, { mechanism: "PLAIN" });
    assert.equal((await this.authenticate("\0alice\0wonder")).error, "NONE");
  }
}

function frameOf<Api extends ApiSchema>(
  api: Api,
  version: number,
  body: RequestInput<Api>,
): Buffer {
  const request = { correlationId: 5, clientId: "c", body };
  return Buffer.concat(encodeRequest(api, version, request)).subarray(4);
}

function bodyOf<Api extends ApiSchema>(api: Api, version: number, answer: Answer): ResponseOf<Api> {
  assert.ok(answer.kind === "send", answer.kind);
  return decodeResponse(api, version, Buffer.concat(answer.chunks).subarray(4)).body;
}

test("requests pass once the client is known, and not before", async () => {
  const given = new Given();
  await given.send(ApiVersions, 4, { clientSoftwareName: "a", clientSoftwareVersion: "1" });
  assert.deepEqual(given.passed, [ApiVersions.key]);
  assert.equal(given.dispatcher.authentication.isDone, false);
  const handshake = await given.send(SaslHandshake, 1, { mechanism: "PLAIN" });
  const chosen = bodyOf(SaslHandshake, 1, handshake);
  assert.deepEqual([chosen.errorCode, chosen.mechanisms], [0, ["PLAIN"]]);
  assert.equal((await given.authenticate("\0alice\0wonder")).error, "NONE");
  assert.equal(given.dispatcher.authentication.isDone, true);
  assert.deepEqual(
    given.identified.map(({ name }) => name),
    ["alice"],
  );
  await given.send(Metadata, 12, { topics: [] });
  assert.deepEqual(given.passed, [ApiVersions.key, Metadata.key]);
});

test("a request before authentication closes the connection, after the delay", async () => {
  const given = new Given();
  const beforeMs = given.platform.clock.monotonicMs();
  const answer = await given.send(Metadata, 12, { topics: [] });
  assert.equal(answer.kind, "close");
  assert.ok(given.platform.clock.monotonicMs() - beforeMs >= failureDelayMs);
  assert.deepEqual(given.passed, []);
  assert.equal((await given.send(SaslHandshake, 1, { mechanism: "PLAIN" })).kind, "close");
});

test("a stranger's frame reserves none of the handlers' memory", async () => {
  const given = new Given();
  const frame = frameOf(Metadata, 12, { topics: [] });
  assert.equal(given.dispatcher.memoryOf(frame), 0);
  await given.send(SaslHandshake, 1, { mechanism: "PLAIN" });
  assert.equal(given.dispatcher.memoryOf(frame), 0);
  await given.authenticate("\0alice\0wonder");
  assert.equal(given.dispatcher.memoryOf(frame), handlerMemoryBytes);
});

test("a mechanism that is not enabled is answered with those that are, then closed", async () => {
  const given = new Given();
  const answer = await given.send(SaslHandshake, 1, { mechanism: "GSSAPI" });
  const body = bodyOf(SaslHandshake, 1, answer);
  assert.equal(errorName(body.errorCode), "UNSUPPORTED_SASL_MECHANISM");
  assert.deepEqual(body.mechanisms, ["PLAIN"]);
  assert.ok(answer.kind === "send" && answer.thenClose !== undefined);
});

test("wrong credentials are answered in Kafka's words after the delay, then closed", async () => {
  const given = new Given();
  await given.send(SaslHandshake, 1, { mechanism: "PLAIN" });
  const beforeMs = given.platform.clock.monotonicMs();
  const { error, errorMessage, answer } = await given.authenticate("\0alice\0guess");
  assert.equal(error, "SASL_AUTHENTICATION_FAILED");
  assert.equal(errorMessage, "Authentication failed: Invalid username or password");
  assert.ok(answer.kind === "send" && answer.thenClose !== undefined);
  assert.ok(given.platform.clock.monotonicMs() - beforeMs >= failureDelayMs);
  const lines = given.platform.logLines.map((line) => JSON.stringify(line)).join("\n");
  assert.ok(!lines.includes("guess"));
});

test("tokens before a handshake are illegal, and so is a second handshake", async () => {
  const early = await new Given().authenticate("\0alice\0wonder");
  assert.equal(early.error, "ILLEGAL_SASL_STATE");
  const given = new Given();
  await given.send(SaslHandshake, 1, { mechanism: "PLAIN" });
  const again = await given.send(SaslHandshake, 1, { mechanism: "PLAIN" });
  assert.equal(errorName(bodyOf(SaslHandshake, 1, again).errorCode), "ILLEGAL_SASL_STATE");
});

test("an old client's tokens come bare after SaslHandshake 0", async () => {
  const given = new Given();
  await given.send(SaslHandshake, 0, { mechanism: "PLAIN" });
  const answer = await given.frame(Buffer.from("\0alice\0wonder"));
  assert.ok(answer.kind === "send");
  assert.deepEqual(Buffer.concat(answer.chunks), Buffer.alloc(4));
  assert.deepEqual(
    given.identified.map(({ name }) => name),
    ["alice"],
  );
});

// KIP-368.
test("a session that has ended lets only a new authentication through", async () => {
  const given = new Given(60_000);
  await given.logIn();
  await given.send(Metadata, 12, { topics: [] });
  await given.platform.clock.advance(61_000);
  assert.equal((await given.send(Metadata, 12, { topics: [] })).kind, "close");
  const renewed = new Given(60_000);
  await renewed.logIn();
  await renewed.platform.clock.advance(30_000);
  await renewed.logIn();
  await renewed.platform.clock.advance(40_000);
  assert.equal((await renewed.send(Metadata, 12, { topics: [] })).kind, "send");
});

test("whatever strangers send, nothing reaches a handler and nobody is let in", async () => {
  const known = [
    frameOf(ApiVersions, 3, { clientSoftwareName: "a", clientSoftwareVersion: "1" }),
    frameOf(SaslHandshake, 1, { mechanism: "PLAIN" }),
    frameOf(SaslHandshake, 0, { mechanism: "PLAIN" }),
    frameOf(SaslAuthenticate, 2, { authBytes: Buffer.from("\0alice\0guess") }),
    frameOf(Metadata, 12, { topics: [] }),
  ];
  const damaged = fc
    .tuple(fc.constantFrom(...known), fc.nat(60), fc.integer({ min: 0, max: 255 }))
    .map(([frame, place, byte]) => {
      const copy = Buffer.from(frame);
      copy[place % copy.length] = byte;
      return copy;
    });
  const frame = fc.oneof(fc.constantFrom(...known), damaged, fc.uint8Array({ maxLength: 64 }));
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 6 }), async (frames) => {
      const given = new Given();
      for (const each of frames) await given.frame(Buffer.from(each));
      assert.deepEqual(given.identified, []);
      assert.deepEqual(
        given.passed.filter((key) => key !== ApiVersions.key),
        [],
      );
    }),
    { seed: 7, numRuns: 300 },
  );
});
