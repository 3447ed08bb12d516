import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  acts,
  boolean,
  className,
  type ConfigKey,
  double,
  int,
  list,
  LONG_MAX,
  long,
  password,
  short,
  string,
} from "../../src/config/config-key.ts";
import { formatConfigValue, parseConfigValue } from "../../src/config/config-value.ts";
import { atLeast } from "../../src/config/validator.ts";

const traits = { importance: "low", status: acts } as const;
const anInt = int(0, traits, "A.");
const aLong = long(0, traits, "A.");
const aDouble = double(0, traits, "A.");

function parse(key: ConfigKey, text: string): unknown {
  const outcome = parseConfigValue(key, text);
  return outcome.ok ? outcome.value : `expected ${outcome.expected}`;
}

test("white space around a value does not count", () => {
  assert.equal(parse(anInt, " 7\t"), 7);
  assert.equal(parse(string("", traits, "A."), "  a b "), "a b");
});

test("a boolean is true or false in any case and nothing else", () => {
  const key = boolean(false, traits, "A.");
  assert.deepEqual([parse(key, "TRUE"), parse(key, "False")], [true, false]);
  assert.equal(parse(key, "yes"), "expected true or false");
});

test("a whole number fits its type, with a sign if it likes", () => {
  assert.deepEqual([parse(anInt, "+7"), parse(anInt, "-2147483648")], [7, -2147483648]);
  assert.equal(
    parse(anInt, "2147483648"),
    "expected a whole number from -2147483648 to 2147483647",
  );
  assert.equal(
    parse(short(0, traits, "A."), "32768"),
    "expected a whole number from -32768 to 32767",
  );
  for (const text of ["", "1.0", "0x10", "1e3", "1_000", "soon"]) {
    assert.match(String(parse(anInt, text)), /^expected/, text);
  }
});

test("a long keeps all 64 bits", () => {
  assert.equal(parse(aLong, "9223372036854775807"), LONG_MAX);
  assert.match(String(parse(aLong, "9223372036854775808")), /^expected/);
});

test("a double is read as Java reads it", () => {
  const read = ["1", ".5", "1.", "1e-4", "1d", "2F", "-0.5"].map((text) => parse(aDouble, text));
  assert.deepEqual(read, [1, 0.5, 1, 0.0001, 1, 2, -0.5]);
  for (const text of ["", "half", "1e999", "NaN", "."]) {
    assert.equal(parse(aDouble, text), "expected a number, such as 0.5", text);
  }
});

test("a double is written as Java writes it", () => {
  const written = [1e7, 1.5e8, 9999999, 0.001, 0.00099, 100, 0, 0.5, 0.0001, -12.5];
  assert.deepEqual(
    written.map((value) => formatConfigValue(aDouble, value)),
    "1.0E7 1.5E8 9999999.0 0.001 9.9E-4 100.0 0.0 0.5 1.0E-4 -12.5".split(" "),
  );
  assert.equal(formatConfigValue(aDouble, Number.MAX_VALUE), "1.7976931348623157E308");
});

test("a list is split at commas, and what it repeats is dropped", () => {
  const key = list([], traits, "A.");
  assert.deepEqual(parse(key, "a , b,a"), ["a", "b"]);
  assert.deepEqual(parse(key, ""), []);
  assert.deepEqual(parse(key, "a,"), ["a", ""]);
  assert.equal(formatConfigValue(key, ["a", "b"]), "a,b");
});

test("classes and passwords are text", () => {
  assert.equal(parse(className(null, traits, "A."), " a.B "), "a.B");
  assert.equal(parse(password(traits, "A."), "secret"), "secret");
});

test("a value of the right type is still checked", () => {
  const key = int(1, { ...traits, validator: atLeast(1) }, "A.");
  assert.equal(parse(key, "0"), "expected a number of at least 1");
  assert.equal(parse(key, "1"), 1);
});

test("a long that is written is read back as it was", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: LONG_MAX }), (value) => {
      assert.equal(parse(aLong, formatConfigValue(aLong, value)), value);
    }),
    { seed: 7 },
  );
});

test("a double that is written is read back as it was", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      // Java and Kafka make no difference between the two zeros here.
      assert.equal(Number(parse(aDouble, formatConfigValue(aDouble, value))) + 0, value + 0);
    }),
    { seed: 7 },
  );
});
