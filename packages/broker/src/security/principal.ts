/** Who is at the other end of a connection, as its listener found out. */
export interface Principal {
  /** Kafka's default builder gives only `User`. */
  readonly type: string;
  readonly name: string;
  /** It showed a delegation token, and so may not ask for tokens. */
  readonly isTokenAuthenticated: boolean;
}

/** Everybody on a listener that does not ask who they are. */
export const anonymous: Principal = {
  type: "User",
  name: "ANONYMOUS",
  isTokenAuthenticated: false,
};

/** A user who has shown credentials. */
export function userPrincipal(name: string): Principal {
  return { type: "User", name, isTokenAuthenticated: false };
}

/** Kafka's notation: `User:alice`. */
export function principalText(principal: Pick<Principal, "type" | "name">): string {
  return `${principal.type}:${principal.name}`;
}

/** Whether two stand for the same: type and name count, how they were shown does not. */
export function isSamePrincipal(
  left: Pick<Principal, "type" | "name">,
  right: Pick<Principal, "type" | "name">,
): boolean {
  return left.type === right.type && left.name === right.name;
}

/** Reads `User:alice`; undefined when there is no colon. A name may contain more of them. */
export function parsePrincipal(text: string): Principal | undefined {
  const separator = text.indexOf(":");
  if (separator <= 0) return undefined;
  const type = text.slice(0, separator);
  return { type, name: text.slice(separator + 1), isTokenAuthenticated: false };
}
