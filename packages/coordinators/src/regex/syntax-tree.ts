import type { CharSet } from "./char-set.ts";

/** A pattern as it was read. */
export type Node =
  | { readonly kind: "empty" }
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly nodes: readonly Node[] }
  | { readonly kind: "choice"; readonly nodes: readonly Node[] }
  /** What is between parentheses; the first that open is number 1. */
  | { readonly kind: "group"; readonly node: Node; readonly number: number }
  | {
      readonly kind: "repetition";
      readonly node: Node;
      readonly min: number;
      /** Infinity for no end. */
      readonly max: number;
      /**
       * It takes as little as it can: that decides what groups match, not whether the whole does.
       */
      readonly isLazy: boolean;
    };

/** What must hold between two characters. */
export type Assertion =
  | "text-start"
  | "text-end"
  | "line-start"
  | "line-end"
  | "word-boundary"
  | "no-word-boundary";

/** Why a pattern is refused. Thrown inside this folder alone. */
export class RegexRefusal extends Error {}
