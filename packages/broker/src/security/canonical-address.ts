const groupCount = 8;

/** What the six upper groups of an IPv4 address within IPv6 are. */
const mappedGroups = "0:0:0:0:0:ffff";

/**
 * Gives an address of IPv6 in the one form that Java writes it in, all eight groups without leading
 * zeros, and an IPv4 address within IPv6 as such; whatever else it is given as it is. Entries and
 * quotas are for an address, however somebody wrote it down.
 */
export function canonicalAddress(text: string): string {
  if (!text.includes(":")) return text;
  const [address = "", ...zone] = text.toLowerCase().split("%");
  const groups = groupsOf(withoutDots(address));
  if (groups === undefined) return text;
  if (groups.slice(0, 6).join(":") === mappedGroups) return dotted(groups.slice(6));
  return [groups.join(":"), ...zone].join("%");
}

/** Writes an IPv4 address at the end as two groups. */
function withoutDots(address: string): string {
  const [, head, ...parts] =
    /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address) ?? [];
  const [first = 0, second = 0, third = 0, fourth = 0] = parts.map(Number);
  if (head === undefined || Math.max(first, second, third, fourth) > 255) return address;
  return `${head}${(first * 256 + second).toString(16)}:${(third * 256 + fourth).toString(16)}`;
}

/** The eight groups; undefined when this is no address. */
function groupsOf(address: string): readonly string[] | undefined {
  const [head = "", tail, ...rest] = address.split("::");
  if (rest.length > 0) return undefined;
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = groupCount - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array.from({ length: missing }, () => "0"), ...after];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16).toString(16));
}

function dotted(groups: readonly string[]): string {
  const numbers = groups.map((group) => Number.parseInt(group, 16));
  return numbers.flatMap((number) => [number >> 8, number & 255]).join(".");
}
