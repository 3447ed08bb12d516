/** The generation of who is not a member. */
export const NO_GENERATION = -1;

/** Who a classic member is towards its coordinator. */
export class ClassicIdentity {
  /** Empty until the coordinator gave one. */
  memberId = "";
  generation = NO_GENERATION;
  /** The assignor that the group agreed on. */
  assignor: string | undefined;

  get isMember(): boolean {
    return this.generation !== NO_GENERATION && this.memberId !== "";
  }

  /** Forgets the generation, and who it was unless the coordinator still knows it. */
  reset(keepsMemberId: boolean): void {
    this.generation = NO_GENERATION;
    this.assignor = undefined;
    if (!keepsMemberId) this.memberId = "";
  }
}
