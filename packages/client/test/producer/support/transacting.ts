import type { ErrorName } from "@millrace/protocol";
import type { ProducerOptions } from "../../../src/producer/producer-options.ts";
import { type Producing, producing } from "./producing.ts";
import { ScriptedCoordinator, type TransactionApi } from "./scripted-coordinator.ts";

/** A member of a group, and what it has read. */
export const group = { groupId: "g", generationId: 3, memberId: "m", groupInstanceId: undefined };
export const offsets = [{ topic: "orders", partition: 0, offset: 5n }];

/** One transaction with a record and offsets. */
export async function copy(producer: Producing["producer"]): Promise<void> {
  await producer.transaction(async (transaction) => {
    await transaction.send({ topic: "orders", value: "copied" });
    await transaction.sendOffsets(group, offsets);
  });
}

/** Refuses a request so often. */
export function failTimes(
  coordinator: ScriptedCoordinator,
  api: TransactionApi,
  error: ErrorName,
  times: number,
): void {
  let left = times;
  coordinator.fault = (asked) => {
    if (asked !== api || left === 0) return undefined;
    left -= 1;
    return error;
  };
}

/** A producer with a transactionalId, and its coordinator. */
export async function transacting(
  { isVersion2 }: { readonly isVersion2: boolean },
  options: ProducerOptions<string | null, string | null> = {},
): Promise<Producing & { readonly coordinator: ScriptedCoordinator }> {
  const world = await producing({ transactionalId: "copier", ...options });
  const coordinator = new ScriptedCoordinator(world.scripted, { isVersion2 });
  return { ...world, coordinator };
}
