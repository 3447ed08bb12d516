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
  readonly error: ControllerError;
  readonly message: string;
}

/** An item's error in the form of Kafka's answers: "NONE" and null when it succeeded. */
export interface ItemError {
  readonly error: ControllerError;
  readonly errorMessage: string | null;
}

/** No error. */
export const noError: ItemError = { error: "NONE", errorMessage: null };

/** Gives a successful outcome. */
export function done<T>(value: T): Done<T> {
  return { kind: "done", value };
}

/** Gives an outcome that refuses the request. */
export function refused(error: ControllerError, message: string): Refused {
  return { kind: "refused", error, message };
}

/** Gives an item's error. */
export function itemError(error: ControllerError, errorMessage: string): ItemError {
  return { error, errorMessage };
}

/** Kafka's names of the errors that the controller answers with. */
export type ControllerError =
  | "NONE"
  | "BROKER_ID_NOT_REGISTERED"
  | "CLUSTER_AUTHORIZATION_FAILED"
  | "DUPLICATE_BROKER_REGISTRATION"
  | "ELECTION_NOT_NEEDED"
  | "ELIGIBLE_LEADERS_NOT_AVAILABLE"
  | "FEATURE_UPDATE_FAILED"
  | "INCONSISTENT_CLUSTER_ID"
  | "INVALID_CONFIG"
  | "INVALID_PARTITIONS"
  | "INVALID_REGISTRATION"
  | "INVALID_REPLICA_ASSIGNMENT"
  | "INVALID_REPLICATION_FACTOR"
  | "INVALID_REQUEST"
  | "INVALID_TOPIC_EXCEPTION"
  | "INVALID_UPDATE_VERSION"
  | "NOT_CONTROLLER"
  | "NOT_LEADER_OR_FOLLOWER"
  | "PREFERRED_LEADER_NOT_AVAILABLE"
  | "REASSIGNMENT_IN_PROGRESS"
  | "STALE_BROKER_EPOCH"
  | "TOPIC_ALREADY_EXISTS"
  | "UNKNOWN_SERVER_ERROR"
  | "UNKNOWN_TOPIC_ID"
  | "UNKNOWN_TOPIC_OR_PARTITION"
  | "UNSUPPORTED_VERSION";
