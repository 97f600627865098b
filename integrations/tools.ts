/** A tool as its provider describes it. `inputSchema` is a JSON Schema of type object. */
export type OfferedTool = { name: string; description: string; inputSchema: Record<string, unknown> };

/**
 * What a tool answered, for the model: JSON or plain text, visible characters only, size-capped. Not `ok` is the tool's own
 * error, which is an answer too ("no such order"), not a failure.
 */
export type ToolResult = { ok: boolean; content: string };

/** Any source of tools. */
export interface ToolProvider {
  readonly name: string;
  /** Connects when it must. Cheap when nothing changed since the last call. Rejects with `ToolUnavailable`. */
  list(): Promise<OfferedTool[]>;
  /** Never repeats a call. Rejects with `ToolUnavailable`, after `timeoutMs` at the latest, or with the signal's reason. */
  call(name: string, args: Record<string, unknown>, signal: AbortSignal, timeoutMs: number): Promise<ToolResult>;
  /** Ends connections and child processes; calls in flight fail, later ones are refused. */
  close(): Promise<void>;
}

/** The provider is down, died during the call or did not answer in time. */
export class ToolUnavailable extends Error {
  override readonly name = 'ToolUnavailable';
  /** `not_sent`: the tool cannot have done anything. `unknown`: it may have; an effect must be looked up, never repeated. */
  readonly outcome: 'not_sent' | 'unknown';

  constructor(message: string, outcome: 'not_sent' | 'unknown') {
    super(message);
    this.outcome = outcome;
  }
}
