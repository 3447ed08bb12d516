import { MillraceError } from "@millrace/platform";
import { toRecordJson } from "./record-json.ts";
import type { ShownRecord } from "./shown-record.ts";

/** A filter cannot be compiled, fails on a record, or does not come to an end. */
export class FilterError extends MillraceError {
  readonly code = "FILTER_FAILED";
}

/** Says which records are wanted. */
export interface RecordFilter extends Disposable {
  /** @throws FilterError when the expression throws, takes too long, or too much memory */
  accepts(record: ShownRecord): boolean;
}

const memoryBytesMax = 64 * 1024 * 1024;
/** What one record may cost: checks of the interrupt handler, each some ten thousand steps. */
const interruptCountMax = 10_000;

/**
 * Compiles a JavaScript expression over `topic`, `partition`, `offset`, `timestamp`, `key`,
 * `value` (what it means, where it is JSON) and `headers` (an object). It runs in QuickJS compiled
 * to WebAssembly: it sees nothing of this process, and may not run or grow without end.
 * @throws FilterError when it is no expression
 */
export async function compileFilter(expression: string): Promise<RecordFilter> {
  const { newQuickJSWASMModuleFromVariant } = await import("quickjs-emscripten-core");
  const engine = await newQuickJSWASMModuleFromVariant(
    import("@jitl/quickjs-wasmfile-release-sync"),
  );
  const runtime = engine.newRuntime({ memoryLimitBytes: memoryBytesMax });
  let interruptCount = 0;
  runtime.setInterruptHandler(() => (interruptCount += 1) > interruptCountMax);
  const scope = runtime.newContext();
  const names = "{ topic, partition, offset, timestamp, key, value, headers }";
  const source = `((${names}) => Boolean(\n${expression}\n))`;
  const compiled = scope.evalCode(source, "filter");
  if (compiled.error !== undefined) throw failure(scope.dump(compiled.error));
  const { value: test } = compiled;
  const parse = scope.unwrapResult(scope.evalCode("JSON.parse"));
  return {
    accepts: (record) => {
      interruptCount = 0;
      const text = scope.newString(JSON.stringify(filterView(record)));
      const argument = scope.unwrapResult(scope.callFunction(parse, scope.undefined, text));
      const result = scope.callFunction(test, scope.undefined, argument);
      text.dispose();
      argument.dispose();
      if (result.error !== undefined) {
        const thrown: unknown = scope.dump(result.error);
        result.error.dispose();
        throw failure(thrown, record);
      }
      const isAccepted = scope.dump(result.value) === true;
      result.value.dispose();
      return isAccepted;
    },
    [Symbol.dispose]: () => {
      test.dispose();
      parse.dispose();
      scope.dispose();
      runtime.dispose();
    },
  };
}

/** What the expression sees: headers by their names, the last of a name. */
function filterView(record: ShownRecord) {
  const json = toRecordJson(record, true);
  return { ...json, headers: Object.fromEntries(json.headers) };
}

function failure(thrown: unknown, record?: ShownRecord): FilterError {
  const said =
    typeof thrown === "object" && thrown !== null && "message" in thrown
      ? String(thrown.message)
      : String(thrown);
  const place =
    record === undefined ? "" : ` at ${record.topic}-${record.partition}, offset ${record.offset}`;
  const what = said === "interrupted" ? "it does not come to an end" : said;
  return new FilterError(`--filter${place}: ${what}`);
}
