/**
 * Fault: the one error class. Its message is written for the person at the keyboard: what was found, what was expected,
 * what to do. `code` is `<stage>.<what>`, stable, never reused. Anything else that is thrown is a defect of the program.
 */
export class Fault extends Error {
  readonly code: string;
  /** The same command may succeed later without any change of its input (lost connection, full disk, killed child). */
  readonly retryable: boolean;
  /** Whether the input or the call was wrong (exit status 2) or the doing failed (exit status 1). */
  readonly blame: 'input' | 'system';
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: {
      retryable?: boolean;
      blame?: 'input' | 'system';
      details?: Record<string, unknown>;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.blame = options.blame ?? (this.retryable ? 'system' : 'input');
    this.details = options.details ?? {};
  }
}

/** A Fault as plain data, for crossing a process boundary. */
export interface FaultRecord {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly blame: 'input' | 'system';
  readonly details: Readonly<Record<string, unknown>>;
}

export function faultRecord(error: unknown): FaultRecord {
  if (error instanceof Fault) {
    const { code, message, retryable, blame, details } = error;
    return { code, message, retryable, blame, details };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal.defect', message, retryable: false, blame: 'system', details: {} };
}

export function faultFrom(record: FaultRecord): Fault {
  return new Fault(record.code, record.message, { ...record, details: { ...record.details } });
}
