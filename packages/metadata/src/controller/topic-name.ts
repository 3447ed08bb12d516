const NAME_LENGTH_MAX = 249;
const legalName = /^[a-zA-Z0-9._-]+$/;

/**
 * Says what is wrong with a topic's name; undefined if nothing is. Names become directories, so
 * that nothing but letters, digits, dot, underscore and hyphen may be in them.
 */
export function topicNameFault(name: string): string | undefined {
  if (name === "") return "A topic's name must not be empty.";
  if (name === "." || name === "..") return `A topic cannot be named '${name}'.`;
  if (name.length > NAME_LENGTH_MAX) {
    return `A topic's name may have ${NAME_LENGTH_MAX} characters; this one has ${name.length}.`;
  }
  if (legalName.test(name)) return undefined;
  return `Only ASCII letters, digits, '.', '_' and '-' may be in a topic's name, not '${name}'.`;
}

/**
 * Finds a topic whose metrics would have the same names: '.' and '_' are one character there.
 */
export function collidingTopic(name: string, existing: Iterable<string>): string | undefined {
  if (!/[._]/.test(name)) return undefined;
  const normalized = unify(name);
  for (const other of existing) {
    if (other.length === name.length && other !== name && unify(other) === normalized) return other;
  }
  return undefined;
}

function unify(name: string): string {
  return name.replaceAll(".", "_");
}
