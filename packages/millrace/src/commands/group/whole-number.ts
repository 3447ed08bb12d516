import { InvalidArgumentError } from "@commander-js/extra-typings";

/** For an option that is a whole number, perhaps below 0. */
export function wholeNumber(text: string): number {
  if (/^[+-]?\d+$/u.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new InvalidArgumentError("It takes a whole number, such as 100 or -100.");
}
