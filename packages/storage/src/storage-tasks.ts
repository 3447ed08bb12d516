import { compactionTasks } from "./compaction/compaction-tasks.ts";
import { preparationTasks } from "./preparation-task.ts";
import { recoveryTasks } from "./recovery-tasks.ts";

/** All that this package has done off the event loop, for a bundle's worker. */
export const storageTasks = [...compactionTasks, ...recoveryTasks, ...preparationTasks] as const;
