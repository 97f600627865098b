import { createHash } from 'node:crypto';
import type { EffectId } from '../store/effect.ts';

/** A call as the outside world knows it: 43 characters, made of recorded ids and nothing else, and telling nothing of them. */
export const effectKeyOf = ({ conversationId, turn, call }: EffectId): string =>
  createHash('sha256').update(`effect:${conversationId}:${turn}:${call}`).digest('base64url');

/** What a yes is bound to. Equal arguments have equal hashes, in whatever order their keys are. */
export const argumentsHashOf = (tool: string, given: Record<string, unknown>): string =>
  createHash('sha256')
    .update(JSON.stringify([tool, ordered(given)]))
    .digest('hex');

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
};
