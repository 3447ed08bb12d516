import assert from "node:assert/strict";
import { test } from "node:test";
import { describeGoroutines } from "../src/goroutines.ts";

const waiting = (number: number) => `goroutine ${number} gp=0x1 m=nil [chan receive, 2 minutes]:
runtime.gopark(0x106f05db2738?, 0x5404f8?)
	/usr/local/go/src/runtime/proc.go:462 +0xce fp=0x1 sp=0x2 pc=0x3
library.(*Client).wait(0x1, {0x2, 0x3})
	/root/go/pkg/mod/library@v1/client.go:12 +0x4e
main.(*copier).step(...)
	/work/load/copiers.go:5
main.main.gowrap1()
	/work/load/main.go:6 +0x19
runtime.goexit({})
	/usr/local/go/src/runtime/asm_amd64.s:1771 +0x1
created by main.main in goroutine 1
	/work/load/main.go:60 +0x58`;

const idle = `goroutine 2 gp=0x2 m=nil [force gc (idle)]:
runtime.gopark(0x0?)
	/usr/local/go/src/runtime/proc.go:462 +0xce`;

test("goroutines of the program's own code are told by where they stand, equal ones once", () => {
  const dump = `SIGQUIT: quit\n\n${[waiting(6), idle, waiting(7)].join("\n\n")}\n\nrax    0xca\n`;
  assert.equal(
    describeGoroutines(dump),
    "  2 × [chan receive, 2 minutes] library.(*Client).wait (client.go:12) < " +
      "main.(*copier).step (copiers.go:5) < main.main.gowrap1 (main.go:6)",
  );
});

test("what is no dump tells of none", () => {
  assert.equal(describeGoroutines("transactions stay open: last stable offsets a-0: 1 of 2"), "");
});
