export { MemoryFileSystem } from "./file-system.ts";
