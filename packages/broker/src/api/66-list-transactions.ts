import { compileRegex, transactionStateNames } from "@millrace/coordinators";
import {
  errorCodes,
  ListTransactions,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ListTransactions (key 66), versions 0-2: the transactional ids that this broker coordinates.
 * - v1: only those that have been running for some time (KIP-994).
 * - v2: only those whose id a pattern in RE2's syntax matches (KIP-1152); one that would hold the
 *   event loop for long is INVALID_REGULAR_EXPRESSION.
 */
export const listTransactions: Handler<typeof ListTransactions> = {
  api: ListTransactions,
  versions: "0-2",
  handle,
};

async function handle(
  request: RequestOf<typeof ListTransactions>,
  context: RequestContext,
): Promise<ResponseInput<typeof ListTransactions>> {
  const pattern = idTest(request.transactionalIdPattern);
  if (pattern === undefined) return invalidPattern;
  const known = new Set<string>(transactionStateNames);
  const states = new Set(request.stateFilters.filter((state) => known.has(state)));
  const unknownStateFilters = request.stateFilters.filter((state) => !known.has(state));
  // Filters that all name states nobody is in let nothing pass.
  const isImpossible = request.stateFilters.length > 0 && states.size === 0;
  const replies = isImpossible
    ? []
    : await context.services.transactions.submitToAll({
        kind: "list-transactions",
        states,
        producerIds: new Set(request.producerIdFilters),
        durationMsMin: request.durationFilter,
        matches: pattern.matches,
      });
  if (pattern.isTooDear()) return invalidPattern;
  const failed = replies.find(({ error }) => error !== "NONE");
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[failed?.error ?? "NONE"],
    unknownStateFilters,
    transactionStates: replies
      .flatMap(({ transactions }) => transactions)
      .filter(({ transactionalId }) =>
        may(context, "DESCRIBE", "TRANSACTIONAL_ID", transactionalId),
      )
      .map(({ transactionalId, producerId, state }) => ({
        transactionalId,
        producerId,
        transactionState: state,
      })),
  };
}

/**
 * What a pattern may cost, in steps of the matcher: a tenth of a second of the event loop, as the
 * patterns of groups. Patterns that people write take some hundreds, for however many ids.
 */
const patternWorkMax = 200_000;

const invalidPattern: ResponseInput<typeof ListTransactions> = {
  throttleTimeMs: 0,
  errorCode: errorCodes.INVALID_REGULAR_EXPRESSION,
  unknownStateFilters: [],
  transactionStates: [],
};

interface IdTest {
  readonly matches: (transactionalId: string) => boolean;
  /** The pattern took too long: ids were passed over without a look. */
  readonly isTooDear: () => boolean;
}

/** Tells whether an id is asked for; undefined when the pattern makes no sense. */
function idTest(pattern: string | null): IdTest | undefined {
  if (pattern === null || pattern === "") return { matches: () => true, isTooDear: () => false };
  const compiled = compileRegex(pattern);
  if (compiled.kind === "refused") return undefined;
  const { regex } = compiled;
  return {
    matches: (transactionalId) => regex.matches(transactionalId, patternWorkMax),
    isTooDear: () => regex.work() > patternWorkMax,
  };
}
