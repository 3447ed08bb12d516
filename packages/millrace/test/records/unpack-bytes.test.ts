import assert from "node:assert/strict";
import { test } from "node:test";
import { compileUnpack } from "../../src/records/unpack-bytes.ts";

function unpacked(packString: string, hex: string): string {
  return compileUnpack(packString)(Buffer.from(hex, "hex")).toString();
}

test("fields are shown one behind the other, in the order of bytes that was chosen", () => {
  assert.equal(unpacked(">is", "00000005616263"), "5abc");
  assert.equal(unpacked("<h>h", "01000001"), "11");
  assert.equal(unpacked("bBc", "ffff41"), "-1255A");
});

test("wide fields are exact", () => {
  assert.equal(unpacked(">q", "7fffffffffffffff"), "9223372036854775807");
  assert.equal(unpacked("<Q", "ffffffffffffffff"), "18446744073709551615");
});

test("what is short, or goes on behind the end that was demanded, is told", () => {
  assert.throws(() => unpacked("i", "0000"), /i takes 4 bytes, 2 are left/u);
  assert.throws(() => unpacked("h$", "000000"), /1 bytes are left/u);
  assert.throws(() => compileUnpack("x"), /"x" of -s x is none/u);
});
