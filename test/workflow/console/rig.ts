import type { ModelPart } from '../../../integrations/model.ts';
import { accountOf, addAgent, browserAt, type ConsoleNode, startConsoleNode } from '../../console.ts';
import { startEngine } from '../../engine.ts';
import { companyWithDesk } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';

const asksForPerson: ModelPart[] = [
  { type: 'tools', calls: [{ id: 'call_1', name: 'talk_to_person', arguments: '{}' }] },
  { type: 'finish', reason: 'tools' },
];

let commands = 0;
export const commandId = (): string => `command-${process.pid}-${++commands}`;

/** Workers, two gateways with the console, and people at two desks that no other test has. Ids are unique to the run. */
export const startFloor = async (rules: Parameters<typeof companyWithDesk>[1] = {}) => {
  const { desk, loaded } = companyWithDesk({}, rules);
  const [first] = loaded.playbook.desks;
  if (!first) throw new Error('the test playbook has no desk');
  const second = `${desk}x`;
  loaded.playbook.desks.push({ ...first, name: second, title: 'Second' });
  const model = scriptedModel(({ messages }) => {
    const text = messages.at(-1)?.content ?? '';
    return text.startsWith('person') ? asksForPerson : says('You said: ', text);
  });
  const engine = await startEngine({ model, loaded });
  const parts = { databaseUrl: engine.database.url, loaded };
  const nodes: [ConsoleNode, ConsoleNode] = [await startConsoleNode(parts), await startConsoleNode(parts)];
  const id = (name: string): string => `${name}-${desk}`;
  const { db } = engine.database;
  await addAgent(db, accountOf(id('ann'), [desk], { name: 'Ann', capacity: 20 }));
  await addAgent(db, accountOf(id('bob'), [desk, second], { name: 'Bob' }));
  await addAgent(db, accountOf(id('cat'), [second], { name: 'Cat' }));
  await addAgent(db, accountOf(id('sue'), [desk], { name: 'Sue', role: 'supervisor' }));

  return {
    ...{ engine, nodes, desk, second, id },

    /** Somebody with an open console, who is what they chose. */
    async person(name: string, status: 'online' | 'away' = 'online', node: ConsoleNode = nodes[0]) {
      const browser = await browserAt(node.origin).signIn(id(name));
      const console = await browser.socket();
      await console.hello();
      const changed = await browser.post('status', { status });
      if (changed.status !== 204) throw new Error(`status: ${JSON.stringify(changed)}`);
      return {
        id: id(name),
        browser,
        console,
        offered: (conversation: string) =>
          console.frame('offer.opened', ({ conversationId }) => conversationId === conversation, 15_000),
        /** Sent again under the same command id where nobody knows whether it was done, as the console does. */
        async answer({ desk, offer }: { desk: string; offer: number }, answer: 'accept' | 'decline' = 'accept') {
          const command = { desk, offer, answer, commandId: commandId() };
          for (let attempt = 1; ; attempt += 1) {
            const answered = await browser.post('offers', command);
            if (answered.status !== 503 || attempt === 3) return answered;
          }
        },
      };
    },

    /** A customer who wants a person. */
    async asks(): Promise<string> {
      const conversation = engine.newConversation();
      await engine.send(conversation, 'message-1', 'person please');
      return conversation;
    },

    async stop() {
      await Promise.all(nodes.map(({ app }) => app.close()));
      await engine.stop();
    },
  };
};
