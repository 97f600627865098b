import { type Answer, answerOf } from '../../../local/model/answer.ts';
import { readPrompt } from '../../../local/model/prompt.ts';
import { chatRequest } from '../../../local/model/request.ts';

/** A small shop's articles and tools, as a prompt carries them. */
export const ARTICLES = [
  {
    title: 'Returns and refunds',
    text: `# Returns
You can return unused items within 30 days of delivery. Opened hygiene articles are excluded.
Print the label from your account and hand the parcel in at any post office. Returns are free within Germany and cost 6 € from other countries.
We refund the money within 5 working days after the parcel reached us.`,
  },
  {
    title: 'Delivery times and costs',
    text: `Standard delivery takes 2 to 4 working days and costs 4.90 €. Orders above 80 € are delivered free of charge.
Express delivery takes one working day and costs 12 €. We ship to the EU, Norway and Switzerland. We do not ship to the United States.`,
  },
  {
    title: 'Caring for a tent',
    text: `Never machine-wash a tent. Wash it by hand with lukewarm water and a mild soap.
- Let the tent dry completely before packing it.
- Renew the waterproofing every two years with a spray.`,
  },
  {
    title: 'Warranty',
    text: 'Every tent has a warranty of five years. Zips and poles are covered as well. Send us a photo of the damage and we repair or replace it.',
  },
  {
    title: 'Opening hours',
    text: 'Our store in Leipzig is open Monday to Saturday from 10 am to 7 pm. It is closed on Sundays and public holidays.',
  },
  {
    title: 'Changing or cancelling an order',
    text: 'You can cancel an order free of charge until it is packed. After that, refuse the parcel at the door or return it.',
  },
];

const tool = (
  name: string,
  description: string,
  properties: Record<string, unknown> = {},
  required = Object.keys(properties),
) => ({ type: 'function', function: { name, description, parameters: { type: 'object', properties, required } } });

const number = { type: 'string', description: 'The order number, e.g. 1042', pattern: '^\\d{4,6}$' };

export const TOOLS = {
  findOrder: tool(
    'find_order',
    'Looks up one order of the customer by its number. Returns the status, items, carrier, tracking and expected delivery.',
    { order_number: number },
  ),
  listOrders: tool('list_my_orders', 'Lists the orders of the customer, newest first.'),
  changeAddress: tool('change_address', 'Changes the delivery address of an order that was not shipped yet.', {
    order_number: number,
    address: { type: 'string', description: 'The new address' },
  }),
  requestRefund: tool(
    'request_refund',
    'Requests a refund for an order.',
    { order_number: number, amount: { type: 'number' }, reason: { type: 'string' } },
    ['order_number'],
  ),
  handOff: tool('hand_off', 'Passes the conversation on to a person.', { reason: { type: 'string' } }),
};

type Message = Record<string, unknown>;

export type Ask = {
  /** Alternating: customer, assistant, customer, …; an object stands as it is. */
  said: (string | Message)[];
  tools?: unknown[];
  articles?: { title: string; text: string }[];
  instructions?: string;
  toolChoice?: unknown;
};

const INSTRUCTIONS = `You are Fern, the support assistant of Northwind (https://northwind.example).
Answer in the customer's language, one of: en, de, fr, es, pt; if in doubt in en.`;

/** A Chat Completions request as the product builds it. */
export const requestFor = ({
  said,
  tools = [],
  articles = ARTICLES,
  instructions = INSTRUCTIONS,
  toolChoice,
}: Ask) => ({
  model: 'duradesk-local',
  messages: [
    {
      role: 'system',
      content: `${instructions}\n\n<knowledge>\n${articles
        .map(({ title, text }, at) => `<article id="${at + 1}" title="${title}">\n${text}\n</article>`)
        .join('\n')}\n</knowledge>`,
    },
    ...said.map((one, at) =>
      typeof one === 'string' ? { role: at % 2 === 0 ? 'user' : 'assistant', content: one } : one,
    ),
  ],
  ...(tools.length > 0 ? { tools } : {}),
  ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
});

export const answerFor = (ask: Ask): Answer => answerOf(readPrompt(chatRequest.parse(requestFor(ask))));

/** What is called, with its arguments parsed. */
export const callFor = (ask: Ask): { name: string; arguments: unknown } | undefined => {
  const [call] = answerFor(ask).calls;
  return call && { name: call.name, arguments: JSON.parse(call.arguments) };
};
