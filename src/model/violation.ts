/** Violation codes: the six suspected types, and the two results beside them. They never change; their names are in words.ts. */
export const VIOLATION_CODES = [
  'no-licence',
  'off-plan',
  'beyond-boundary',
  'other-holder',
  'exploration',
  'restoration',
  'lawful',
  'cannot-say',
] as const;
export type ViolationCode = (typeof VIOLATION_CODES)[number];
