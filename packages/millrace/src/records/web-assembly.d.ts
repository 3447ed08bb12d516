// What the types of QuickJS name of WebAssembly and Node's types leave out; nobody here touches it.
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Instance {
    readonly exports: Exports;
  }
  interface Module {
    readonly [Symbol.toStringTag]?: string;
  }
  type Exports = Record<string, unknown>;
  type Imports = Record<string, Record<string, unknown>>;
}
