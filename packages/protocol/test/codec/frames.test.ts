import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ApiVersions,
  decodeRequestBody,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  Fetch,
  Metadata,
  MalformedMessageError,
  Produce,
  requestHeaderVersion,
  responseHeaderVersion,
  UnsupportedVersionError,
} from "@millrace/protocol";

/** Takes the size prefix off and checks it. */
function frameOf(chunks: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(chunks);
  assert.equal(bytes.readInt32BE(), bytes.length - 4);
  return bytes.subarray(4);
}

const produce = {
  acks: -1,
  timeoutMs: 1000,
  topicData: [{ name: "orders", partitionData: [{ index: 2, records: Buffer.from("batch") }] }],
};

for (const version of [8, 9]) {
  test(`a Produce request v${version} travels with its header`, () => {
    const frame = frameOf(
      encodeRequest(Produce, version, { correlationId: 42, clientId: "web", body: produce }),
    );
    const header = decodeRequestHeader(frame);
    assert.equal(header.api, Produce);
    assert.deepEqual(
      [header.apiVersion, header.correlationId, header.clientId],
      [version, 42, "web"],
    );
    const body = decodeRequestBody(Produce, header, frame);
    assert.equal(body.topicData[0]?.partitionData[0]?.records?.toString(), "batch");
  });
}

test("a response travels with its correlation id", () => {
  const body = { throttleTimeMs: 0, errorCode: 0, sessionId: 9, responses: [] };
  for (const version of [7, 12]) {
    const frame = frameOf(encodeResponse(Fetch, version, { correlationId: 7, body }));
    const response = decodeResponse(Fetch, version, frame);
    assert.deepEqual([response.correlationId, response.body.sessionId], [7, 9]);
  }
});

test("KIP-511: the header before an ApiVersions response never has tagged fields", () => {
  assert.equal(requestHeaderVersion(ApiVersions, 4), 2);
  assert.equal(responseHeaderVersion(ApiVersions, 4), 0);
  assert.equal(responseHeaderVersion(Metadata, 9), 1);
  assert.equal(responseHeaderVersion(Metadata, 8), 0);
});

test("the header of a version that is not known yet can be read", () => {
  const frame = Buffer.from("0012006300000005000361626300", "hex");
  const header = decodeRequestHeader(frame);
  assert.deepEqual(
    [header.api.name, header.apiVersion, header.correlationId, header.clientId],
    ["ApiVersions", 99, 5, "abc"],
  );
  assert.throws(() => decodeRequestBody(ApiVersions, header, frame), UnsupportedVersionError);
});

test("an unknown API key is refused", () => {
  assert.throws(
    () => decodeRequestHeader(Buffer.from("7fff0000000000010000", "hex")),
    UnsupportedVersionError,
  );
});

test("a frame that ends in its header is malformed", () => {
  for (const hex of ["", "00", "0000", "000000", "0003000900000001", "000300090000000100056162"]) {
    assert.throws(() => decodeRequestHeader(Buffer.from(hex, "hex")), MalformedMessageError, hex);
  }
});

test("a client id may be null", () => {
  const frame = frameOf(
    encodeRequest(Metadata, 12, { correlationId: 1, clientId: null, body: { topics: null } }),
  );
  const header = decodeRequestHeader(frame);
  assert.equal(header.clientId, null);
  assert.equal(decodeRequestBody(Metadata, header, frame).topics, null);
});

test("a request with more than 400,000 array elements is refused", () => {
  const frame = Buffer.concat([
    // OffsetCommit has int32 arrays of structures; Metadata v8 an int32 array of names.
    Buffer.from("00030008000000010000", "hex"),
    Buffer.from("00061a81", "hex"),
    Buffer.alloc(2 * 400_001 + 3),
  ]);
  const header = decodeRequestHeader(frame);
  assert.throws(() => decodeRequestBody(Metadata, header, frame), /too many array elements/);
});
