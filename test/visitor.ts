import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import * as names from '../contracts/names.ts';
import { attributesAtStart } from '../contracts/search-attributes.ts';

export const newConversation = (): string => `cnv_${randomBytes(32).toString('base64url')}`;

/** Sends as the gateway does; resolves when Temporal holds the message. */
export const senderOf =
  ({ workflow }: Client) =>
  (conversationId: string, clientMessageId: string, text: string, owner = 'visitor:0123456789012345678901') =>
    workflow.signalWithStart(names.conversation, {
      workflowId: conversationId,
      taskQueue: names.conversationQueue,
      workflowTaskTimeout: '5 seconds',
      typedSearchAttributes: attributesAtStart({ conversationId, owner, channel: 'web' }),
      args: [{ conversationId, owner, channel: 'web' }],
      signal: names.customerMessage,
      signalArgs: [{ clientMessageId, text, at: new Date().toISOString() }],
    });
