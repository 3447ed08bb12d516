import { InvalidArgumentError } from "@commander-js/extra-typings";

/** For an option `key=value` that may be given several times. */
export function pairs(
  text: string,
  given: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const [key, value] = pairOf(text);
  return { ...given, [key]: value };
}

/** Reads `key=value`. @throws InvalidArgumentError */
export function pairOf(text: string): readonly [key: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError(`It takes key=value, not "${text}".`);
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}
