import { MalformedMessageError } from "@millrace/protocol";

/** How a field's value is written (protobuf.dev/programming-guides/encoding). */
const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Bytes of a varint at most: 64 bits in groups of seven. */
const VARINT_SIZE_MAX = 10;

/**
 * Walks the fields of one protobuf message without decoding what nobody asks for. It allocates
 * nothing but views, so that a message costs no more than its own bytes.
 *
 * Every method throws MalformedMessageError for bytes that are no such field.
 */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #position = 0;
  #field = 0;
  #wireType = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The number of the field that `next` found. */
  get field(): number {
    return this.#field;
  }

  /** Moves to the next field, whose value is to be read or skipped; false at the end. */
  next(): boolean {
    if (this.#position >= this.#bytes.length) return false;
    const tag = this.#varint();
    this.#field = Math.floor(tag / 8);
    this.#wireType = tag % 8;
    if (this.#field === 0) throw new MalformedMessageError("a protobuf field has the number 0");
    return true;
  }

  /** Passes over the value. */
  skip(): void {
    switch (this.#wireType) {
      case wireTypes.varint:
        this.#varint();
        return;
      case wireTypes.fixed64:
        this.#take(8);
        return;
      case wireTypes.bytes:
        this.bytes();
        return;
      case wireTypes.fixed32:
        this.#take(4);
        return;
      default:
        throw new MalformedMessageError(`protobuf wire type ${this.#wireType} is not known`);
    }
  }

  /** A length-delimited value: a message, a text, bytes or packed numbers. A view. */
  bytes(): Buffer {
    this.#expect(wireTypes.bytes);
    return this.#take(this.#varint());
  }

  text(): string {
    return this.bytes().toString("utf8");
  }

  /** An unsigned varint, exact up to 2^53. */
  uint(): number {
    this.#expect(wireTypes.varint);
    return this.#varint();
  }

  /** A varint in two's complement (int64), as a text shows it. */
  int(): bigint {
    this.#expect(wireTypes.varint);
    let value = 0n;
    let shift = 0n;
    for (const byte of this.#varintBytes()) {
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
    }
    return BigInt.asIntN(64, value);
  }

  double(): number {
    this.#expect(wireTypes.fixed64);
    return this.#take(8).readDoubleLE();
  }

  /** A signed number of eight bytes (sfixed64), rounded above 2^53. */
  signedFixed64(): number {
    this.#expect(wireTypes.fixed64);
    return Number(this.#take(8).readBigInt64LE());
  }

  #expect(wireType: number): void {
    if (this.#wireType === wireType) return;
    throw new MalformedMessageError(`protobuf field ${this.#field} is of another wire type`);
  }

  #take(sizeBytes: number): Buffer {
    const end = this.#position + sizeBytes;
    if (end > this.#bytes.length) throw new MalformedMessageError("a protobuf message is cut off");
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }

  /** Exact up to 2^53, and near enough above: lengths beyond it are refused anyway. */
  #varint(): number {
    let value = 0;
    let scale = 1;
    for (const byte of this.#varintBytes()) {
      value += (byte & 0x7f) * scale;
      scale *= 128;
    }
    return value;
  }

  #varintBytes(): Buffer {
    const start = this.#position;
    const endMax = Math.min(this.#bytes.length, start + VARINT_SIZE_MAX);
    for (let end = start; end < endMax; end++) {
      if (this.#bytes.readUInt8(end) >= 0x80) continue;
      this.#position = end + 1;
      return this.#bytes.subarray(start, end + 1);
    }
    throw new MalformedMessageError("a protobuf varint does not end");
  }
}
