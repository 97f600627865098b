import { capped, visible } from '../untrusted-text.ts';

/** Subjects are cut at 150 characters, which is where Zendesk's lists end; every system takes more. */
export const MAX_SUBJECT = 150;

/** Of a ticket's text and of a comment, in bytes: below Jira's 32,767 characters and Salesforce's 32,000. */
export const MAX_TEXT_BYTES = 30_000;

/** Of one comment that comes in, in bytes. */
const MAX_INCOMING_BYTES = 16 * 1024;

/** That are read of one ticket. */
export const MAX_COMMENTS = 1_000;

/** What people or their tools wrote into a ticket, as it may go to a customer or into a prompt. */
export const incoming = (text: string): string => capped(visible(text), MAX_INCOMING_BYTES);
