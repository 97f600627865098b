import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { Command } from 'commander';
import { readConfig, workerConfig } from '../config.ts';
import { type ApprovalDecision, type ApprovalTaken, approvalDecision } from '../contracts/actions.ts';
import { decideApproval } from '../contracts/names.ts';
import { createActions, type WaitingAction } from '../store/actions.ts';
import { createDatabase } from '../store/database.ts';
import { command, type Result } from './output.ts';
import { withTemporal } from './temporal.ts';

type Deciding = { conversation: string; action: string; by: string; reason?: string; arguments?: string };

/** Until the console has it: actions above the playbook's limit, which wait for one or two people. */
export const approvalsCommand = (): Command =>
  new Command('approvals')
    .description('actions of customers that wait for approval')
    .addCommand(command('list', 'what waits, the most urgent first', list))
    .addCommand(
      deciding('approve', 'agree to an action, exactly as it is listed, or with other arguments').option(
        '--arguments <json>',
        'other arguments than the assistant chose: they are checked, and every approval starts anew',
      ),
    )
    .addCommand(deciding('deny', 'refuse an action; the customer is told the reason'));

const deciding = (decision: ApprovalDecision['decision'], description: string): Command =>
  command<Deciding>(decision, description, (options) => decide(decision, options))
    .requiredOption('--conversation <id>', 'as listed')
    .requiredOption('--action <id>', 'as listed')
    .requiredOption('--by <name>', 'who decides, for the audit')
    .option('--reason <text>', 'why');

const list = async (): Promise<Result> => {
  const waiting = await listed();
  return {
    ok: true,
    data: waiting,
    lines: waiting.length > 0 ? waiting.flatMap(linesOf) : ['nothing waits for approval'],
  };
};

const linesOf = (action: WaitingAction): string[] => [
  `${action.title}, until ${action.expiresAt}, approved by ${action.approvedBy.length} of ${action.approvers}`,
  ...action.arguments.map(({ label, value }) => `  ${label}: ${JSON.stringify(value)}`),
  `  --conversation ${action.conversationId} --action ${action.id}`,
];

const listed = async (): Promise<WaitingAction[]> => {
  const { DATABASE_URL } = readConfig(workerConfig.pick({ DATABASE_URL: true }));
  const db = createDatabase(DATABASE_URL, () => {}, 1);
  try {
    return await createActions(db).waiting();
  } finally {
    await db.destroy();
  }
};

/** The hash is that of what is listed now: who edits in between makes this decision void. */
const decide = async (decision: ApprovalDecision['decision'], options: Deciding): Promise<Result> => {
  const { conversation, action, by, reason, arguments: edited } = options;
  const waiting = (await listed()).find((one) => one.conversationId === conversation && one.id === action);
  if (!waiting)
    throw new Error(`no action ${action} of this conversation waits for approval: see duradesk approvals list`);
  const { data: payload, error } = approvalDecision.safeParse({
    ...{ action, argumentsHash: waiting.argumentsHash, decision, by },
    ...(reason !== undefined && { reason }),
    ...(edited !== undefined && { arguments: edited }),
  });
  if (!payload)
    throw new Error(`not decided: ${error.issues.map(({ path, message }) => `${path} ${message}`).join('; ')}`);
  const taken = await withTemporal(
    readConfig(workerConfig.pick({ TEMPORAL_ADDRESS: true, TEMPORAL_NAMESPACE: true })),
    (client) =>
      client.workflow.getHandle(conversation).executeUpdate<ApprovalTaken, [ApprovalDecision]>(decideApproval, {
        args: [payload],
      }),
  ).catch((error: unknown) => {
    throw new Error(`not decided: ${reasonOf(error)}`, { cause: error });
  });
  return { ok: true, data: taken, lines: [SAID[taken.state](taken, waiting)] };
};

const SAID: Record<ApprovalTaken['state'], (taken: ApprovalTaken, waiting: WaitingAction) => string> = {
  approved: () => 'approved: it is being done',
  denied: () => 'denied: the customer is told',
  waiting: ({ approvals }, { approvers }) =>
    `approved by ${approvals} of ${approvers}: somebody else has to agree as well`,
  checking: () => 'the new arguments are being checked: duradesk approvals list shows whether it still waits',
};

const reasonOf = (error: unknown): string => {
  if (error instanceof WorkflowNotFoundError) return 'the conversation has ended';
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
};
