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
  const note = (key: Key, fault: () => ItemError | undefined): void => {
    const before = users.get(key.name);
    if (before === undefined) users.set(key.name, keyFault(key) ?? fault() ?? noError);
    // Kafka refuses a user's second credential whatever its mechanism, and keeps a first fault.
    else if (before.error === "NONE") users.set(key.name, alteredTwice);
  };
  for (const deletion of input.deletions) {
    note(deletion, () => absenceFault(context.image, deletion));
  }
  for (const upsertion of input.upsertions) {
    note(upsertion, () => iterationsFault(upsertion.iterations));
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

const alteredTwice = itemError(
  "DUPLICATE_RESOURCE",
  "A user credential cannot be altered twice in the same request",
);

function keyFault(key: Key): ItemError | undefined {
  if (key.name === "") return itemError("UNACCEPTABLE_CREDENTIAL", "Username must not be empty");
  if (knownMechanisms.has(key.mechanism)) return undefined;
  return itemError("UNSUPPORTED_SASL_MECHANISM", "Unknown SCRAM mechanism");
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
