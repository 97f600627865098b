import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { conversationId } from '../../../contracts/ids.ts';
import { createGrants } from '../../../gateway/grants.ts';

const grants = createGrants('a secret that is long enough for this');
const ann = 'visitor:AAAAAAAAAAAAAAAAAAAAAA';
const bob = 'customer:bob';

describe('conversation ids', () => {
  test('belong to whom they were minted for, and nobody else', () => {
    const id = grants.mintConversationId(ann);
    expect(conversationId.safeParse(id).success).toBe(true);
    expect(grants.owns(ann, id)).toBe(true);
    expect(grants.owns(bob, id)).toBe(false);
    expect(createGrants('another secret, also long enough').owns(ann, id)).toBe(false);
  });

  test('are never the same twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => grants.mintConversationId(ann))).size).toBe(1_000);
  });

  test('are owned by nobody with any one character changed, the last one too, whose low bits mean nothing', () => {
    const id = grants.mintConversationId(bob);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 4; at < id.length; at++)
      for (const character of alphabet) {
        if (character === id[at]) continue;
        expect(grants.owns(bob, id.slice(0, at) + character + id.slice(at + 1))).toBe(false);
      }
  });

  test('anything else is owned by nobody', () => {
    const zeros = `cnv_${'A'.repeat(43)}`;
    for (const id of [
      '',
      'cnv_',
      zeros,
      `${zeros}A`,
      `${grants.mintConversationId(bob)} `,
      '\0',
      '\ud800',
      '🦔'.repeat(12),
    ])
      expect(grants.owns(bob, id)).toBe(false);
    fc.assert(fc.property(fc.string({ maxLength: 128, unit: 'binary' }), (id) => !grants.owns(bob, id)));
  });
});
