import assert from "node:assert/strict";
import { test } from "node:test";
import { createMessage } from "../../src/create.ts";
import { decode, encode, part } from "../../src/jute/jute.ts";
import { JuteError, JuteReader } from "../../src/jute/jute-reader.ts";
import { connectRequest, getChildren2Response, replyHeader } from "../../src/messages.ts";
import { digestId } from "../../src/security/acl.ts";

test("the first message has the bytes that servers read", () => {
  const bytes = encode(
    part(connectRequest, {
      protocolVersion: 0,
      lastZxidSeen: 0x1_0000_0002n,
      timeoutMs: 6000,
      sessionId: -2n,
      password: Buffer.alloc(16, 0xab),
      readOnly: false,
    }),
  );
  const expected =
    "00000000 0000000100000002 00001770 fffffffffffffffe 00000010 abababababababababababababababab 00";
  assert.equal(bytes.toString("hex"), expected.replaceAll(" ", ""));
});

test("a create has path, data, list and flags in ZooKeeper's order", () => {
  const { opCode, body } = createMessage("/é", { mode: "ephemeral", data: Buffer.from("x") });
  assert.equal(opCode, 15);
  const acl = "00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65";
  const expected = `00000003 2fc3a9 00000001 78 ${acl} 00000001`;
  assert.equal(encode(body).toString("hex"), expected.replaceAll(" ", ""));
});

test("bytes that end early, and lengths that lie, are refused before anything is made", () => {
  const header = encode(part(replyHeader, { xid: 1, zxid: 2n, error: 0 }));
  for (let end = 0; end < header.length; end += 1) {
    const reader = new JuteReader(header.subarray(0, end));
    assert.throws(() => decode(reader, replyHeader), JuteError);
  }
  for (const lie of ["7fffffff", "80000000", "fffffffe"]) {
    const reader = new JuteReader(Buffer.from(lie, "hex"));
    assert.throws(() => decode(reader, getChildren2Response), JuteError);
  }
});

test("an id of scheme digest is the one that ZooKeeper's own generator prints", () => {
  assert.equal(digestId("super", "admin"), "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=");
});
