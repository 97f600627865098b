import { ApplicationFailure, Context } from '@temporalio/activity';
import { FAILURE } from '../contracts/failures.ts';
import { verifiedCustomer } from '../contracts/ids.ts';
import type { ToolCatalogue } from '../integrations/tool-catalogue.ts';
import { type ToolResult, ToolUnavailable } from '../integrations/tools.ts';
import type { Audit } from '../store/audit.ts';
import type { Steps } from '../store/steps.ts';
import type { Turn } from './turn.ts';

export type ToolDeps = { tools: ToolCatalogue; steps: Steps; audit: Audit };

export const createToolActivities = ({ tools, steps, audit }: ToolDeps) => ({
  /**
   * Runs one decided call of a turn that reads, and writes down what came back for the model. Safe to run again: the first
   * result stays. A tool that fails, refuses or is down is an answer to the model, not a failure of the turn.
   *
   * @returns whether the tool did what it was asked
   */
  async callTool(turn: Turn, call: number): Promise<boolean> {
    const step = await steps.get(turn.conversationId, turn.turn, call);
    if (!step) throw ApplicationFailure.nonRetryable(`turn ${turn.turn} has no call ${call}`, FAILURE.notFound);
    if (step.result !== null) return step.ok === true;
    const context = { customerId: verifiedCustomer(turn.owner), conversationId: turn.conversationId };
    const built = (await tools.policy()).buildArguments(step.name, step.arguments, context);
    await audit.record({
      actor: 'assistant',
      action: built.ok ? 'tool.called' : 'tool.refused',
      subject: turn.conversationId,
      detail: { turn: turn.turn, call, tool: step.name, ...(built.ok ? {} : { reason: built.reason }) },
    });
    const { ok, content }: ToolResult = built.ok
      ? await answered(tools.call(built.tool, built.args, Context.current().cancellationSignal))
      : { ok: false, content: JSON.stringify({ error: built.reason, message: built.message }) };
    await steps.settle(turn.conversationId, turn.turn, call, { ok, text: content });
    return ok;
  },
});

const answered = async (call: Promise<ToolResult>): Promise<ToolResult> => {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ToolUnavailable)) throw error;
    return {
      ok: false,
      content: JSON.stringify({ error: 'unavailable', message: 'This cannot be looked up right now.' }),
    };
  }
};
