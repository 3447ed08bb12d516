/** Decides whether a parsed value is one that a configuration may have. */
export interface Validator {
  /** What is allowed, as the end of the sentence "expected …". */
  readonly expected: string;
  /** Whether the value is allowed. A list is given whole. */
  readonly accepts: (value: ParsedValue) => boolean;
}

/** A configuration's value after parsing; a long is a bigint, so that all 64 bits survive. */
export type ParsedValue = boolean | number | bigint | string | readonly string[];

/** Allows numbers from a smallest one. */
export function atLeast(minimum: number): Validator {
  return {
    expected: `a number of at least ${minimum}`,
    accepts: (value) => isNumeric(value) && value >= minimum,
  };
}

/** Allows numbers from `minimum` to `maximum`, both inclusive. */
export function between(minimum: number, maximum: number): Validator {
  return {
    expected: `a number from ${minimum} to ${maximum}`,
    accepts: (value) => isNumeric(value) && value >= minimum && value <= maximum,
  };
}

/** Allows one number beside what another validator allows. */
export function orExactly(special: number, other: Validator): Validator {
  return {
    expected: `${special} or ${other.expected}`,
    // Loose on purpose between number and bigint: 1n and 1 are the same configuration.
    accepts: (value) => (isNumeric(value) && Number(value) === special) || other.accepts(value),
  };
}

/** Allows the named words only. */
export function oneOf(...words: readonly string[]): Validator {
  return {
    expected: `one of ${words.join(", ")}`,
    accepts: (value) => typeof value === "string" && words.includes(value),
  };
}

/** Allows the named words in upper or lower case. */
export function oneOfIgnoringCase(...words: readonly string[]): Validator {
  const known = new Set(words.map((word) => word.toUpperCase()));
  return {
    expected: `one of ${words.join(", ")} (in any case)`,
    accepts: (value) => typeof value === "string" && known.has(value.toUpperCase()),
  };
}

/** Allows lists without empty elements, taken from the named words if there are any. */
export function listOf(options: ListOptions = {}): Validator {
  const { words, allowEmpty = true } = options;
  const least = allowEmpty ? "a list" : "a list of at least one";
  return {
    expected:
      words === undefined ? `${least}, no element empty` : `${least} of ${words.join(", ")}`,
    accepts: (value) => {
      if (!isList(value)) return false;
      if (!allowEmpty && value.length === 0) return false;
      return value.every((word) => word !== "" && (words === undefined || words.includes(word)));
    },
  };
}

/** What a list may hold. */
export interface ListOptions {
  readonly words?: readonly string[];
  /** Whether the list may be empty; yes unless told. */
  readonly allowEmpty?: boolean;
}

/** Allows text with at least one character. */
export const notEmpty: Validator = {
  expected: "text that is not empty",
  accepts: (value) => typeof value === "string" && value !== "",
};

/** Allows text (or list elements) of a given form. */
export function matching(pattern: RegExp, expected: string): Validator {
  return {
    expected,
    accepts: (value) =>
      isList(value) ? value.every((element) => pattern.test(element)) : pattern.test(String(value)),
  };
}

/** Allows `*` alone, or replicas as partition:broker. */
export const throttledReplicas: Validator = {
  expected: "* alone, or partition:broker separated by commas, such as 0:1,1:2",
  accepts: (value) =>
    isList(value) && (value.join() === "*" || value.every((pair) => /^\d+:\d+$/.test(pair))),
};

function isNumeric(value: ParsedValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** Whether a value is a list. */
export function isList(value: ParsedValue): value is readonly string[] {
  return Array.isArray(value);
}
