import { MemoryFileSystem } from "@millrace/platform/memory";
import { SimClock } from "@millrace/platform/sim";
import { testFileSystem } from "../contract/file-system-contract.ts";

testFileSystem({
  name: "MemoryFileSystem",
  create: () => {
    const fileSystem = new MemoryFileSystem(new SimClock());
    fileSystem.makeDirectory("/data");
    return { fileSystem, directory: "/data" };
  },
  settle: (pending) => pending,
});
