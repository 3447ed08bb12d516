import { type TransactionState, transactionStatuses } from "@millrace/coordinators";
import type { Metrics } from "@millrace/platform";

/**
 * Registers what is read when somebody asks: transactional ids by state. Those in a prepare state
 * are ends whose markers are still being written.
 */
export function registerTransactionGauges(
  metrics: Metrics,
  states: () => Iterable<TransactionState>,
): void {
  for (const status of transactionStatuses) {
    const name = "millrace_transactional_ids";
    const options = { name, help: "Transactional ids by state.", labels: { state: status } };
    metrics.gauge(options, () => {
      let counted = 0;
      for (const state of states()) {
        for (const transaction of state.values()) if (transaction.status === status) counted += 1;
      }
      return counted;
    });
  }
}
