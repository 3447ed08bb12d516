/**
 * Configurations that act, and whose names no behaviour test has yet. The list only gets shorter:
 * a new configuration comes with its test.
 */
export const keysNotShownYet: readonly string[] = [];
