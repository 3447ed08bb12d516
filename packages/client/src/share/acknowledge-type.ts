/** What a consumer says of a record that it holds. */
export type AcknowledgeType = "accept" | "release" | "reject" | "renew";

/** On the wire; a gap is an offset that was acquired and has no record. */
export const acknowledgeTypeIds: Readonly<Record<AcknowledgeType | "gap", number>> = {
  gap: 0,
  accept: 1,
  release: 2,
  reject: 3,
  renew: 4,
};
