/** What an IPv4 address begins with that came to a socket of both families. */
const mappedPrefix = "::ffff:";

/**
 * Gives a peer's address as Java does: an IPv4 address as such, also where the socket takes both
 * families. Access and quotas are by address and must not depend on how a listener is bound.
 */
export function peerAddress(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined) return "";
  const isMapped = remoteAddress.startsWith(mappedPrefix) && remoteAddress.includes(".");
  return isMapped ? remoteAddress.slice(mappedPrefix.length) : remoteAddress;
}
