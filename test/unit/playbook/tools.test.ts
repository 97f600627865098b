import { describe, expect, test } from '@jest/globals';
import { playbook } from '../../../contracts/playbook.ts';
import { testPlaybook } from '../../playbook.ts';

const pay = { provider: 'shop', name: 'pay', title: 'Pay', use: 'verified', kind: 'effect' };
const find = { ...pay, name: 'find', kind: 'read', hidden: true, inject: { requestId: 'effect.key' } };
const cancel = { ...pay, name: 'cancel', hidden: true };

/** What the schema says against a playbook with these tools. */
const complaints = (...tools: object[]): string[] => {
  const { hours: _, sla: __, idle: ___, desks: ____, budgets, ...book } = testPlaybook().playbook;
  const parsed = playbook.safeParse({
    ...book,
    budgets: { ...budgets },
    desks: [{ name: 'all', title: 'All', languages: ['en'] }],
    hours: { week: {} },
    sla: { firstReply: '2m', nextReply: '5m', resolution: '4h' },
    idle: { warnAfter: '10m', closeAfter: '1h' },
    providers: [{ name: 'shop', mcp: { url: 'https://shop.example/mcp' } }],
    tools,
  });
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.slice(2).join('.')} ${message}`);
};

describe('a tool that changes something', () => {
  test('with everything it may have', () => {
    expect(
      complaints(
        {
          ...pay,
          inject: { requestId: 'effect.key', customerId: 'customer.id' },
          labels: { amount: 'Amount' },
          confirm: true,
          confirmWithin: '10m',
          approval: { argument: 'amount', above: 100, approvers: 2, expiresAfter: '4h' },
          limits: { perTurn: 1, perConversation: 3, sum: { argument: 'amount', perDay: 500 } },
          undo: {
            tool: 'cancel',
            within: '10m',
            arguments: { paymentId: 'result.paymentId', why: { value: 'customer' } },
          },
          lookup: 'find',
        },
        find,
        cancel,
      ),
    ).toEqual([]);
  });

  test.each([
    [
      'approval without confirmation',
      { approval: { expiresAfter: '4h' } },
      'confirm must be true where approval is: the customer agrees first',
    ],
    [
      'an amount without a limit',
      { confirm: true, approval: { argument: 'amount', expiresAfter: '4h' } },
      'approval must have both argument and above, or neither',
    ],
    [
      'three approvers',
      { confirm: true, approval: { approvers: 3, expiresAfter: '4h' } },
      'approval.approvers Too big: expected number to be <=2',
    ],
    [
      'two amounts',
      {
        confirm: true,
        approval: { argument: 'a', above: 1, expiresAfter: '4h' },
        limits: { sum: { argument: 'b', perDay: 1 } },
      },
      'approval.argument must be limits.sum.argument: one amount is counted',
    ],
    [
      'a sum without a bound',
      { limits: { sum: { argument: 'amount' } } },
      'limits.sum must have perConversation, perDay or both',
    ],
    [
      'an undo that the model could call',
      { undo: { tool: 'pay', within: '10m' } },
      'undo.tool must be the name of an effect of tools that is hidden',
    ],
    [
      'an undo from elsewhere',
      { undo: { tool: 'cancel', within: '10m', arguments: { id: 'session.id' } } },
      'undo.arguments.id must be result.…, arguments.… or { value: … }',
    ],
    ['a lookup by nothing', { lookup: 'find' }, 'inject must have effect.key where lookup is: it is looked up by it'],
    [
      'a lookup that is no read',
      { lookup: 'cancel', inject: { requestId: 'effect.key' } },
      'lookup must be the name of a hidden read of tools that injects effect.key',
    ],
    ['a name of the gate’s own', { name: 'undo_action' }, "name must not be undo_action, which is the gate's own"],
    ['a time-out beyond what is waited for', { timeout: '31s' }, 'timeout must be 30s at most'],
  ])('%s', (_what, change, complaint) => {
    expect(complaints({ ...pay, ...change }, find, cancel)).toContain(complaint);
  });
});

test.each([
  ['confirm', { confirm: true }],
  ['approval', { approval: { expiresAfter: '4h' } }],
  ['undo', { undo: { tool: 'cancel', within: '1m' } }],
  ['lookup', { lookup: 'find' }],
  ['limits.sum', { limits: { sum: { argument: 'amount', perDay: 1 } } }],
])('a tool that reads has no %s', (path, change) => {
  expect(complaints({ ...pay, kind: 'read', ...change }, find, cancel)).toContain(
    `${path} is only for a tool of kind effect`,
  );
});

test('a tool that reads and that the model may call has no key of an effect', () => {
  expect(complaints({ ...find, hidden: false })).toContain(
    'inject must not be effect.key, which only an effect or a hidden lookup has',
  );
});
