import type { Uuid } from "../primitives.ts";
import type { ApiSchema, FieldSchema, Fields, MessageSchema, PrimitiveType } from "./schema.ts";

/** Bytes to encode: one piece, or pieces that follow each other. They are not copied. */
export type BytesInput = Uint8Array | readonly Uint8Array[];

interface PrimitiveValues {
  bool: boolean;
  int8: number;
  int16: number;
  uint16: number;
  int32: number;
  uint32: number;
  int64: number;
  float64: number;
  string: string;
  uuid: Uuid;
  bytes: Buffer;
  records: Buffer;
}

interface PrimitiveInputs extends Omit<PrimitiveValues, "bytes" | "records"> {
  bytes: BytesInput;
  records: BytesInput;
}

type OrNull<F extends FieldSchema> = F extends { readonly nullable: unknown } ? null : never;

type Primitive<
  T,
  F extends FieldSchema,
  Values extends PrimitiveValues | PrimitiveInputs,
> = T extends PrimitiveType ? (F extends { readonly as: "bigint" } ? bigint : Values[T]) : never;

type Decoded<F extends FieldSchema> =
  | (F extends { readonly fields: infer S extends Fields }
      ? F["type"] extends `[]${string}`
        ? readonly DecodedFields<S>[]
        : DecodedFields<S>
      : F["type"] extends `[]${infer E}`
        ? readonly Primitive<E, F, PrimitiveValues>[]
        : Primitive<F["type"], F, PrimitiveValues>)
  | OrNull<F>;

type Input<F extends FieldSchema> =
  | (F extends { readonly fields: infer S extends Fields }
      ? F["type"] extends `[]${string}`
        ? readonly InputFields<S>[]
        : InputFields<S>
      : F["type"] extends `[]${infer E}`
        ? readonly Primitive<E, F, PrimitiveInputs>[]
        : Primitive<F["type"], F, PrimitiveInputs>)
  | OrNull<F>;

/** A field may be left out if it has a default, is not in every version, or is tagged. */
type Omissible =
  | { readonly default: unknown }
  | { readonly versions: unknown }
  | { readonly tag: unknown };

/** The decoded form of fields: each is there, with its default where the version has it not. */
export type DecodedFields<S extends Fields> = {
  readonly [N in keyof S]: Decoded<S[N]>;
};

/** The form of fields to encode. */
export type InputFields<S extends Fields> = {
  readonly [N in keyof S as S[N] extends Omissible ? never : N]: Input<S[N]>;
} & {
  readonly [N in keyof S as S[N] extends Omissible ? N : never]?: Input<S[N]> | undefined;
};

/** A decoded request: every field is present. */
export type RequestOf<A extends ApiSchema> = DecodedFields<A["request"]>;
/** A decoded response: every field is present. */
export type ResponseOf<A extends ApiSchema> = DecodedFields<A["response"]>;
/** A request to encode: fields with a default or not in every version may be left out. */
export type RequestInput<A extends ApiSchema> = InputFields<A["request"]>;
/** A response to encode: fields with a default or not in every version may be left out. */
export type ResponseInput<A extends ApiSchema> = InputFields<A["response"]>;
/** A decoded header, record or file content. */
export type MessageOf<M extends MessageSchema> = DecodedFields<M["fields"]>;
/** A header, record or file content to encode. */
export type MessageInput<M extends MessageSchema> = InputFields<M["fields"]>;
