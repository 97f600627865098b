import { z } from 'zod';

/** The longest message a customer can send, in UTF-16 code units. */
export const MAX_MESSAGE_LENGTH = 4_000;

/** What a socket accepts as one frame, in bytes: the longest message with room for escapes and the envelope. */
export const MAX_FRAME_BYTES = 64 * 1024;

/** NUL is refused by Postgres, and a lone surrogate is stored as U+FFFD without a word: neither ever passes the edge. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** Makes a text from outside (model, tool, article) storable; customers' messages are refused instead, never changed. */
export const toStorable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

export const messageText = z
  .string()
  .max(MAX_MESSAGE_LENGTH, { error: `is longer than ${MAX_MESSAGE_LENGTH} characters` })
  .refine((text) => text.trim().length > 0, { error: 'is empty' })
  .refine(isStorable, { error: 'holds a NUL or half of a character' });
