/** One message of a chat prompt, in the roles of OpenAI's Chat Completions. */
export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string };

/** A call as the model wrote it: `arguments` is unparsed JSON text and may be anything. */
export type ToolCall = { id: string; name: string; arguments: string };

/** What the model is told of a tool. `parameters` is a JSON Schema of type object. */
export type ToolDescription = { name: string; description: string; parameters: Record<string, unknown> };

export type Prompt = { messages: ChatMessage[]; tools: ToolDescription[]; maxTokens: number };

export type ModelPart =
  | { type: 'text'; text: string }
  /** Once at most, after all text: every call of this answer, complete. */
  | { type: 'tools'; calls: ToolCall[] }
  /** Last. `cut`: the stream ended without a finish reason, or at the token limit. */
  | {
      type: 'finish';
      reason: 'stop' | 'tools' | 'length' | 'filter' | 'cut';
      usage?: { input: number; output: number };
    };

/** On whose behalf a call is made, for what stands in front of a model and has to choose between calls. */
export type Caller = {
  /** Somebody waits for `live` calls; `background` ones come after them. */
  rank: 'live' | 'background';
  /** Who uses the model: each gets an equal part when it is short. Says nothing of who it is, and holds no space. */
  share: string;
  /** How long the call may wait until it is sent, milliseconds. */
  withinMs: number;
  /** Called every second while it waits. */
  waiting?(): unknown;
};

/** Any language model that can stream. One implementation speaks to every OpenAI-compatible server. */
export interface ChatModel {
  /**
   * Streams one answer. Never retries: the caller's owner of retries is Temporal. Rejects with `ModelUnavailable` (worth
   * another attempt), `ModelRefused` (it is not) or the signal's reason. Without a `caller` it waits for nobody's place.
   */
  stream(prompt: Prompt, signal: AbortSignal, caller?: Caller): AsyncIterable<ModelPart>;
}

/** 429, 5xx, time-out, or no connection. */
export class ModelUnavailable extends Error {
  override readonly name = 'ModelUnavailable';
  /** From `Retry-After`, milliseconds; `undefined` when the server did not say. */
  readonly retryAfterMs: number | undefined;
  /** HTTP status of the answer, where there was one. */
  readonly status: number | undefined;

  constructor(message: string, retryAfterMs?: number, status?: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
    this.status = status;
  }
}

/** 400, 401, 403, 404: the request or its key is wrong. */
export class ModelRefused extends Error {
  override readonly name = 'ModelRefused';
}
