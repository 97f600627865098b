import { z } from 'zod';
import { agentProfile, deskName } from './desk.ts';

/** What somebody may do: serve conversations; also see and arrange all desks; also manage people. */
export const agentRole = z.enum(['agent', 'supervisor', 'admin']);

/** One of the company's people, as they are signed in. */
export const agentAccount = agentProfile.extend({ role: agentRole, desks: z.array(deskName).min(1) });

/** NIST SP 800-63B, 3.1.1.2: length is what counts. The upper end keeps hashing affordable. */
export const agentPassword = z
  .string()
  .min(12, 'must be at least 12 characters')
  .max(256, 'must be at most 256 characters');

export type AgentRole = z.infer<typeof agentRole>;
export type AgentAccount = z.infer<typeof agentAccount>;
