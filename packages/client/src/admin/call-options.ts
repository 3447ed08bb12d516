/** What every call of the admin takes. */
export interface AdminCallOptions {
  /** For all attempts together; the client's `defaultApiTimeoutMs` when not given. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A call that can only be tried out: nothing changes, errors are those that there would be. */
export interface ValidateOptions extends AdminCallOptions {
  readonly validateOnly?: boolean | undefined;
}
