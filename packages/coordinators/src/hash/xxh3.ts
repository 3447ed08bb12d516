/**
 * XXH3 with 64 bits and no seed, as in the xxHash specification (github.com/Cyan4973/xxHash,
 * doc/xxhash_spec.md). Short inputs are hashed with big integers, long ones with pairs of 32-bit
 * halves, which is some fifty times as fast.
 */

const secret = Buffer.from(
  "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f" +
    "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c" +
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8" +
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364" +
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e" +
    "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e",
  "hex",
);

const prime32 = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn] as const;
const prime64 = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
const primeMx1 = 0x165667919e3779f9n;
const primeMx2 = 0x9fb21c651e98df25n;

/** Inputs up to these lengths in bytes have a way of their own. */
const SHORT_MAX = 16;
const MEDIUM_MAX = 128;
const MIDDLE_MAX = 240;

const STRIPE_SIZE = 64;
const STRIPES_PER_BLOCK = 16;
const SECRET_STEP = 8;
const SECRET_OF_SCRAMBLE = secret.length - STRIPE_SIZE;

/** The hash of some bytes, unsigned. */
export function xxh3(bytes: Buffer): bigint {
  if (bytes.length <= SHORT_MAX) return hashShort(bytes);
  if (bytes.length <= MEDIUM_MAX) return hashMedium(bytes);
  return bytes.length <= MIDDLE_MAX ? hashMiddle(bytes) : hashLong(bytes);
}

function hashShort(bytes: Buffer): bigint {
  const { length } = bytes;
  if (length > 8) {
    const low = bytes.readBigUInt64LE(0) ^ secretAt(24) ^ secretAt(32);
    const high = bytes.readBigUInt64LE(length - 8) ^ secretAt(40) ^ secretAt(48);
    return avalanche(u64(BigInt(length) + swapBytes(low) + high + multiplyAndFold(low, high)));
  }
  if (length >= 4) {
    const first = BigInt(bytes.readUInt32LE(0));
    const last = BigInt(bytes.readUInt32LE(length - 4));
    let hash = (last + (first << 32n)) ^ secretAt(8) ^ secretAt(16);
    hash = u64((hash ^ rotate(hash, 49n) ^ rotate(hash, 24n)) * primeMx2);
    hash = u64((hash ^ ((hash >> 35n) + BigInt(length))) * primeMx2);
    return hash ^ (hash >> 28n);
  }
  if (length === 0) return avalanche64(secretAt(56) ^ secretAt(64));
  const [first, middle, last] = [0, length >> 1, length - 1].map((at) => BigInt(bytes[at] ?? 0));
  const ends = ((first ?? 0n) << 16n) | ((middle ?? 0n) << 24n) | (last ?? 0n);
  const flip = BigInt((secret.readUInt32LE(0) ^ secret.readUInt32LE(4)) >>> 0);
  return avalanche64((ends | (BigInt(length) << 8n)) ^ flip);
}

function hashMedium(bytes: Buffer): bigint {
  const { length } = bytes;
  let sum = BigInt(length) * prime64[0];
  // Pairs from both ends inwards; a longer input has more of them.
  const pairs = Math.ceil(length / 32);
  for (let pair = 0; pair < pairs; pair++) {
    sum += mix(bytes, pair * 16, pair * 32);
    sum += mix(bytes, length - (pair + 1) * 16, pair * 32 + 16);
  }
  return avalanche(u64(sum));
}

function hashMiddle(bytes: Buffer): bigint {
  const { length } = bytes;
  let sum = BigInt(length) * prime64[0];
  const rounds = Math.floor(length / 16);
  for (let round = 0; round < 8; round++) sum += mix(bytes, round * 16, round * 16);
  sum = avalanche(u64(sum));
  for (let round = 8; round < rounds; round++) {
    sum += mix(bytes, round * 16, (round - 8) * 16 + 3);
  }
  sum += mix(bytes, length - 16, 136 - 17);
  return avalanche(u64(sum));
}

/** Eight lanes of 64 bits, as low and high halves. */
interface Lanes {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

function hashLong(bytes: Buffer): bigint {
  const lanes = initialLanes();
  const lastStripe = bytes.length - STRIPE_SIZE;
  const stripeCount = Math.floor((bytes.length - 1) / STRIPE_SIZE);
  for (let stripe = 0; stripe < stripeCount; stripe++) {
    const inBlock = stripe % STRIPES_PER_BLOCK;
    if (stripe > 0 && inBlock === 0) scramble(lanes);
    accumulate(lanes, bytes, { at: stripe * STRIPE_SIZE, secretAt: inBlock * SECRET_STEP });
  }
  // A block that is full is scrambled, also when only the last stripe follows.
  if (stripeCount % STRIPES_PER_BLOCK === 0) scramble(lanes);
  accumulate(lanes, bytes, { at: lastStripe, secretAt: SECRET_OF_SCRAMBLE - 7 });
  let sum = BigInt(bytes.length) * prime64[0];
  for (let lane = 0; lane < 8; lane += 2) {
    const [left, right] = [laneOf(lanes, lane), laneOf(lanes, lane + 1)];
    const at = 11 + lane * 8;
    sum += multiplyAndFold(left ^ secretAt(at), right ^ secretAt(at + 8));
  }
  return avalanche(u64(sum));
}

function initialLanes(): Lanes {
  const values = [
    prime32[2],
    prime64[0],
    prime64[1],
    prime64[2],
    prime64[3],
    prime32[1],
    prime64[4],
    prime32[0],
  ];
  return {
    low: Uint32Array.from(values, (value) => Number(value & 0xffffffffn)),
    high: Uint32Array.from(values, (value) => Number(value >> 32n)),
  };
}

function laneOf(lanes: Lanes, lane: number): bigint {
  return (BigInt(lanes.high[lane] ?? 0) << 32n) | BigInt(lanes.low[lane] ?? 0);
}

function accumulate(
  lanes: Lanes,
  bytes: Buffer,
  place: { readonly at: number; readonly secretAt: number },
): void {
  for (let lane = 0; lane < 8; lane++) {
    const low = bytes.readUInt32LE(place.at + lane * 8);
    const high = bytes.readUInt32LE(place.at + lane * 8 + 4);
    add(lanes, lane ^ 1, low, high);
    const left = (low ^ secret.readUInt32LE(place.secretAt + lane * 8)) >>> 0;
    const right = (high ^ secret.readUInt32LE(place.secretAt + lane * 8 + 4)) >>> 0;
    add(lanes, lane, Math.imul(left, right) >>> 0, multiplyHigh(left, right));
  }
}

function add(lanes: Lanes, lane: number, low: number, high: number): void {
  const lowSum = (lanes.low[lane] ?? 0) + low;
  lanes.low[lane] = lowSum;
  lanes.high[lane] = (lanes.high[lane] ?? 0) + high + (lowSum > 0xffffffff ? 1 : 0);
}

function scramble(lanes: Lanes): void {
  const multiplier = Number(prime32[0]);
  for (let lane = 0; lane < 8; lane++) {
    const at = SECRET_OF_SCRAMBLE + lane * 8;
    const high = lanes.high[lane] ?? 0;
    const low = ((lanes.low[lane] ?? 0) ^ (high >>> 15) ^ secret.readUInt32LE(at)) >>> 0;
    const mixedHigh = (high ^ secret.readUInt32LE(at + 4)) >>> 0;
    lanes.low[lane] = Math.imul(low, multiplier);
    lanes.high[lane] = Math.imul(mixedHigh, multiplier) + multiplyHigh(low, multiplier);
  }
}

/** The upper half of a product of two unsigned numbers of 32 bits. */
function multiplyHigh(left: number, right: number): number {
  const [leftLow, leftHigh] = [left & 0xffff, left >>> 16];
  const [rightLow, rightHigh] = [right & 0xffff, right >>> 16];
  const middle = leftHigh * rightLow + ((leftLow * rightLow) >>> 16);
  const carry = leftLow * rightHigh + (middle % 0x10000);
  return leftHigh * rightHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000);
}

function mix(bytes: Buffer, at: number, secretPosition: number): bigint {
  const low = bytes.readBigUInt64LE(at) ^ secretAt(secretPosition);
  const high = bytes.readBigUInt64LE(at + 8) ^ secretAt(secretPosition + 8);
  return multiplyAndFold(low, high);
}

function multiplyAndFold(left: bigint, right: bigint): bigint {
  const product = left * right;
  return u64(product) ^ (product >> 64n);
}

function avalanche(value: bigint): bigint {
  const hash = u64((value ^ (value >> 37n)) * primeMx1);
  return hash ^ (hash >> 32n);
}

function avalanche64(value: bigint): bigint {
  let hash = u64((value ^ (value >> 33n)) * prime64[1]);
  hash = u64((hash ^ (hash >> 29n)) * prime64[2]);
  return hash ^ (hash >> 32n);
}

function secretAt(position: number): bigint {
  return secret.readBigUInt64LE(position);
}

function rotate(value: bigint, bits: bigint): bigint {
  return u64(value << bits) | (value >> (64n - bits));
}

function swapBytes(value: bigint): bigint {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(value);
  return bytes.readBigUInt64BE();
}

function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
