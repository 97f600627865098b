import type { ToolDescription } from '../integrations/model.ts';

/** How the model asks for a person. Nothing is called: it is a decision, which the workflow records and acts on. */
export const HANDOFF_TOOL: ToolDescription = {
  name: 'talk_to_person',
  description:
    'Hands the conversation to a person of the support team. Call it when the customer asks for a person, a human or an agent, ' +
    'and when you cannot help them with what you have. Say nothing else: they are told what happens next.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
};
