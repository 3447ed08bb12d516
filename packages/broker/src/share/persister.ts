import type {
  DeleteShareGroupState,
  InitializeShareGroupState,
  ReadShareGroupState,
  ReadShareGroupStateSummary,
  RequestOf,
  ResponseOf,
  WriteShareGroupState,
} from "@millrace/protocol";

/**
 * Where the state of share partitions is kept: the share coordinator (KIP-932), or a memory in a
 * test. Requests and answers are the bodies of APIs 83 to 87.
 *
 * A promise is rejected only by a programmer's error: what goes wrong stands in the answer, under
 * each partition that was asked for, so that a caller looks for its partition and for nothing else.
 * A coordinator that is loading or moving is asked again by the implementation, within its own
 * limit; what is answered then is final for this request.
 */
export interface ShareStatePersister {
  /** Begins a share partition's state at a start offset and a state epoch (83). */
  initializeState(
    request: RequestOf<typeof InitializeShareGroupState>,
  ): Promise<ResponseOf<typeof InitializeShareGroupState>>;
  /** Gives the state, and fences leaders older than the one that asks (84). */
  readState(
    request: RequestOf<typeof ReadShareGroupState>,
  ): Promise<ResponseOf<typeof ReadShareGroupState>>;
  /** Writes changed ranges; what it answered with NONE outlives a restart (85). */
  writeState(
    request: RequestOf<typeof WriteShareGroupState>,
  ): Promise<ResponseOf<typeof WriteShareGroupState>>;
  /** Forgets the state of a share partition (86). */
  deleteState(
    request: RequestOf<typeof DeleteShareGroupState>,
  ): Promise<ResponseOf<typeof DeleteShareGroupState>>;
  /** Gives start offset, epochs and how many records above it are done with (87). */
  readStateSummary(
    request: RequestOf<typeof ReadShareGroupStateSummary>,
  ): Promise<ResponseOf<typeof ReadShareGroupStateSummary>>;
}
