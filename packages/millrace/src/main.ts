import { replaceProcess } from "./replace-process.ts";

replaceProcess();
const { runProcess } = await import("./run-process.ts");
await runProcess({});
