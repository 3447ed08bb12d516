import type { ErrorName } from "@millrace/protocol";

/** The answer to a request as a whole: a value, or Kafka's name of why there is none. */
export type Outcome<T> = Done<T> | Refused;

/** The request was carried out; single items of the value may still carry errors. */
export interface Done<T> {
  readonly kind: "done";
  readonly value: T;
}

/** Nothing of the request was carried out. */
export interface Refused {
  readonly kind: "refused";
  readonly error: ErrorName;
  readonly message: string;
}

/** An item's error in the form of Kafka's answers: "NONE" and null when it succeeded. */
export interface ItemError {
  readonly error: ErrorName;
  readonly errorMessage: string | null;
}

/** No error. */
export const noError: ItemError = { error: "NONE", errorMessage: null };

/** Gives a successful outcome. */
export function done<T>(value: T): Done<T> {
  return { kind: "done", value };
}

/** Gives an outcome that refuses the request. */
export function refused(error: ErrorName, message: string): Refused {
  return { kind: "refused", error, message };
}

/** Gives an item's error. */
export function itemError(error: ErrorName, errorMessage: string): ItemError {
  return { error, errorMessage };
}

/** The requester's quota for changes of metadata is used up. */
export const quotaExceeded: ItemError = itemError(
  "THROTTLING_QUOTA_EXCEEDED",
  "The throttling quota has been exceeded.",
);
