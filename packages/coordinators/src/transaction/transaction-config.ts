/** The configuration of the transaction coordinator; read anew at each decision. */
export interface TransactionConfig {
  /** `transaction.max.timeout.ms` */
  readonly timeoutMsMax: number;
  /** `transactional.id.expiration.ms` */
  readonly idExpirationMs: number;
  /** `transaction.abort.timed.out.transaction.cleanup.interval.ms` */
  readonly timeoutCheckIntervalMs: number;
  /** `transaction.remove.expired.transaction.cleanup.interval.ms` */
  readonly expiryCheckIntervalMs: number;
  /** The finalized level of the feature transaction.version. */
  readonly transactionVersion: number;
}
