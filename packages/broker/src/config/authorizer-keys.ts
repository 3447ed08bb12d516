/** The one authorizer there is, by the name of Apache Kafka's class. */
export const STANDARD_AUTHORIZER = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";

/** Who may do everything, as `User:alice;User:bob`. */
export const SUPER_USERS_KEY = "super.users";

/** Whether what no entry is about is open to everybody. */
export const OPEN_WITHOUT_ACLS_KEY = "allow.everyone.if.no.acl.found";

/** The names of the authorizer's own configurations, which no table of brokers has. */
export const authorizerKeys: ReadonlySet<string> = new Set([
  SUPER_USERS_KEY,
  OPEN_WITHOUT_ACLS_KEY,
]);

/** How clients are kept to what they may do. */
export interface AuthorizerConfig {
  /** `super.users`, as `User:alice`. */
  readonly superUsers: ReadonlySet<string>;
  /** `allow.everyone.if.no.acl.found`: what no entry is about is open to everybody. */
  readonly isOpenWithoutAcls: boolean;
}
