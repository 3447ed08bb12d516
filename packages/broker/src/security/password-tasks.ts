import type { OffloadTask } from "@millrace/platform";

import { type StoredKeyInput, storedKeyStep } from "./password-steps.ts";

/** `storedKeyStep` off the event loop: strangers may ask for it. */
export const storedKeyTask: OffloadTask<StoredKeyInput, Uint8Array> = {
  name: "security.storedKey",
  moduleUrl: import.meta.url.replace("password-tasks", "password-steps"),
  exportName: "storedKeyStep",
  inline: storedKeyStep,
};

/** All tasks of the broker, for a bundle's worker, whose modules have no addresses of their own. */
export const brokerTasks = [storedKeyTask] as const;
