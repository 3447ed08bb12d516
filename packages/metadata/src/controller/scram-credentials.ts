import type { ClusterImage } from "../image/cluster-image.ts";
import { scramKey } from "../image/kept-records.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { metadataFormatOf } from "../records/feature-levels.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided, refusedDecision } from "./decision.ts";
import { type ItemError, itemError, noError } from "./outcome.ts";
import type { AlterScramCredentialsInput, AlterScramCredentialsResult } from "./requests.ts";

/** Kafka's numbers: SCRAM-SHA-256 and SCRAM-SHA-512. */
const knownMechanisms: ReadonlySet<number> = new Set([1, 2]);

/** The same for both mechanisms, as in Kafka. */
const iterationsMin = 4096;
const iterationsMax = 16_384;

/** Decides AlterUserScramCredentials: a result for each user, who is changed as a whole or not. */
export function decideAlterScramCredentials(
  context: DecisionContext,
  input: AlterScramCredentialsInput,
): Decision<readonly AlterScramCredentialsResult[]> {
  if (!metadataFormatOf(context.image.features.metadataVersion).hasScram) {
    return refusedDecision(
      "UNSUPPORTED_VERSION",
      "The current metadata version does not support SCRAM.",
    );
  }
  const users = new Map<string, ItemError>();
  const seen = new Set<string>();
  const note = (name: string, fault: ItemError | undefined): void => {
    const before = users.get(name) ?? noError;
    users.set(name, before.error === "NONE" ? (fault ?? noError) : before);
  };
  for (const deletion of input.deletions) {
    note(deletion.name, keyFault(deletion, seen) ?? absenceFault(context.image, deletion));
  }
  for (const upsertion of input.upsertions) {
    note(upsertion.name, keyFault(upsertion, seen) ?? iterationsFault(upsertion.iterations));
  }
  const isGood = ({ name }: { readonly name: string }): boolean =>
    users.get(name)?.error === "NONE";
  const records: MetadataRecord[] = [
    ...input.deletions.filter(isGood).map(({ name, mechanism }): MetadataRecord => {
      return { type: "RemoveUserScramCredentialRecord", version: 0, data: { name, mechanism } };
    }),
    ...input.upsertions.filter(isGood).map((data): MetadataRecord => {
      return { type: "UserScramCredentialRecord", version: 0, data };
    }),
  ];
  return decided(
    records,
    [...users].map(([user, error]) => ({ user, ...error })),
  );
}

interface Key {
  readonly name: string;
  readonly mechanism: number;
}

function keyFault(key: Key, seen: Set<string>): ItemError | undefined {
  if (key.name === "") return itemError("UNACCEPTABLE_CREDENTIAL", "Username must not be empty");
  if (!knownMechanisms.has(key.mechanism)) {
    return itemError("UNSUPPORTED_SASL_MECHANISM", "Unknown SCRAM mechanism");
  }
  if (seen.has(scramKey(key))) {
    const message = "A user credential cannot be altered twice in the same request";
    return itemError("DUPLICATE_RESOURCE", message);
  }
  seen.add(scramKey(key));
  return undefined;
}

function absenceFault(image: ClusterImage, key: Key): ItemError | undefined {
  if (image.scramCredentials.has(scramKey(key))) return undefined;
  const message = "Attempt to delete a user credential that does not exist";
  return itemError("RESOURCE_NOT_FOUND", message);
}

function iterationsFault(iterations: number): ItemError | undefined {
  if (iterations < iterationsMin) return itemError("UNACCEPTABLE_CREDENTIAL", "Too few iterations");
  if (iterations > iterationsMax) {
    return itemError("UNACCEPTABLE_CREDENTIAL", "Too many iterations");
  }
  return undefined;
}
