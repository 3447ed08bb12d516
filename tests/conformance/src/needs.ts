import type { Need } from "./clients.ts";
import { type Missing, prepare } from "./prepare.ts";

let found: Promise<Missing> | undefined;

/** Why a test that needs something must be skipped: a reason for node:test's `skip`, or false. */
export async function lacking(...needs: readonly Need[]): Promise<string | false> {
  found ??= prepare(() => undefined);
  const missing = await found;
  const reasons = needs.flatMap((need) => missing[need] ?? []);
  return reasons.length > 0 ? reasons.join("; ") : false;
}
