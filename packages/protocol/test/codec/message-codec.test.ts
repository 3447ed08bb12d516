import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageInput, MessageOf, RequestInput, RequestOf } from "@millrace/protocol";
import {
  Fetch,
  messageCodec,
  PartitionChangeRecord,
  requestCodec,
  responseCodec,
  UnsupportedVersionError,
} from "@millrace/protocol";
import type { TestMessage } from "./test-schema.ts";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const claim = <T extends true>(_holds: T): void => undefined;

test("a codec is compiled once for a message and a version", () => {
  assert.equal(requestCodec(Fetch, 12), requestCodec(Fetch, 12));
  assert.notEqual(requestCodec(Fetch, 12), requestCodec(Fetch, 13));
  assert.notEqual(requestCodec(Fetch, 12) as object, responseCodec(Fetch, 12));
  assert.equal(requestCodec(Fetch, 12).name, "FetchRequest");
  assert.deepEqual(
    [requestCodec(Fetch, 11).isFlexible, requestCodec(Fetch, 12).isFlexible],
    [false, true],
  );
});

test("a version that a message does not have is refused", () => {
  for (const version of [3, 19, -1, 4.5, Number.NaN]) {
    assert.throws(() => requestCodec(Fetch, version), UnsupportedVersionError);
  }
});

test("decoded types have every field, input types leave out what has a default", () => {
  type Decoded = MessageOf<typeof TestMessage>;
  claim<Same<Decoded["offset"], number>>(true);
  claim<Same<Decoded["producerId"], bigint>>(true);
  claim<Same<Decoded["name"], string | null>>(true);
  claim<Same<Decoded["body"], Buffer | null>>(true);
  claim<Same<Decoded["numbers"], readonly number[] | null>>(true);
  claim<Same<Decoded["leader"], { readonly epoch: number }>>(true);
  claim<Same<Decoded["cursor"], { readonly topic: string } | null>>(true);
  claim<Same<Decoded["topics"], readonly { readonly name: string }[]>>(true);
  type Given = MessageInput<typeof TestMessage>;
  claim<Same<Given["flag"], boolean>>(true);
  claim<Same<Given["rack"], string | undefined>>(true);
  const least: Given = { flag: true };
  // @ts-expect-error a required field is missing
  const tooLittle: Given = {};
  // @ts-expect-error there is no such field
  const tooMuch: Given = { flag: true, other: 1 };
  assert.ok([least, tooLittle, tooMuch]);
  // What was decoded can be encoded again.
  const again = (decoded: RequestOf<typeof Fetch>): RequestInput<typeof Fetch> => decoded;
  assert.ok(again);
});

test("a record is written and read without a frame around it", () => {
  const codec = messageCodec(PartitionChangeRecord, 2);
  const value = { partitionId: 3, topicId: "AAAAAAAAAAAAAAAAAAAAAQ" as never, leader: 5 };
  const decoded = codec.decode(Buffer.concat(codec.encode(value)));
  assert.equal(decoded.leader, 5);
  assert.equal(decoded.isr, null);
  assert.equal(decoded.leaderRecoveryState, -1);
});
