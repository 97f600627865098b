import { z } from 'zod';
import { once, portableKey } from '../once.ts';
import { outgoing, outgoingLine } from '../outgoing-text.ts';
import { documented, RemoteRefused } from '../remote-api.ts';
import { createSalesforceConnection, type SalesforceOptions } from '../salesforce-connection.ts';
import { soqlText } from '../soql.ts';
import { incoming, MAX_COMMENTS, MAX_SUBJECT, MAX_TEXT_BYTES } from './ticket-text.ts';
import type { Ticket, TicketComment, Ticketing, TicketStatus } from './ticketing.ts';

/** A text field of Case, external id and unique, made once per org: it is what makes a ticket open once. */
const KEY_FIELD = 'Duradesk_Key__c';

/** `CaseComment.CommentBody` holds 4,000 bytes, and our mark needs 40. */
const MAX_COMMENT_BYTES = 3_950;

/** A case comment has no fields of ours, so its key is the last line of its text. */
const MARK = /\n*\[ref:([0-9a-f]{32})\]\s*$/;

export type SalesforceCaseOptions = SalesforceOptions & {
  /** Values of `Case.Status`. */
  statuses: Record<TicketStatus, string>;
};

const cases = z.object({
  records: z.array(z.object({ Id: z.string(), Status: z.string(), IsClosed: z.boolean() })),
});
const caseComments = z.object({
  records: z.array(
    z.object({ Id: z.string(), CommentBody: z.string().nullable(), IsPublished: z.boolean(), CreatedDate: z.string() }),
  ),
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
});
const saved = z.object({ id: z.string().min(1), success: z.literal(true) });

/** Cases of a Salesforce org. SOQL reads the org's own writes at once, so look-ups never lag. */
export const createSalesforceTicketing = (options: SalesforceCaseOptions): Ticketing => {
  const { statuses } = options;
  const connected = createSalesforceConnection(options);

  const select = async (field: string, value: string): Promise<Ticket | null> => {
    const connection = await connected();
    const soql = `SELECT Id, Status, IsClosed FROM Case WHERE ${field} = ${soqlText(value)} LIMIT 1`;
    const [row] = documented('Salesforce', cases, await connection.query(soql)).records;
    if (!row) return null;
    const status = row.IsClosed ? 'solved' : row.Status === statuses.pending ? 'pending' : 'open';
    const url = new URL(`/lightning/r/Case/${row.Id}/view`, connection.instanceUrl).href;
    return { id: row.Id, status, url };
  };

  const readComments = async (id: string): Promise<TicketComment[]> => {
    const connection = await connected();
    const where = `WHERE ParentId = ${soqlText(toId(id))} ORDER BY CreatedDate, Id`;
    let answer: unknown = await connection.query(
      `SELECT Id, CommentBody, IsPublished, CreatedDate FROM CaseComment ${where}`,
    );
    const found: TicketComment[] = [];
    while (found.length < MAX_COMMENTS) {
      const { records, done, nextRecordsUrl } = documented('Salesforce', caseComments, answer);
      for (const { Id, CommentBody, IsPublished, CreatedDate } of records) {
        const text = CommentBody ?? '';
        const ours = MARK.exec(text)?.[1] ?? null;
        found.push({ id: Id, ours, text: incoming(text.replace(MARK, '')), public: IsPublished, at: CreatedDate });
      }
      if (done || !nextRecordsUrl) break;
      answer = await connection.queryMore(nextRecordsUrl);
    }
    return found;
  };

  return {
    open({ key, subject, text, requester }) {
      const mark = portableKey(key);
      const find = () => select(KEY_FIELD, mark);
      const create = async () => {
        const connection = await connected();
        const row = {
          [KEY_FIELD]: mark,
          Subject: outgoingLine(subject, MAX_SUBJECT),
          Description: outgoing(text, MAX_TEXT_BYTES),
          Origin: 'Web',
          ...(requester && {
            SuppliedName: outgoingLine(requester.name ?? requester.email, 80),
            SuppliedEmail: requester.email,
          }),
        };
        // An upsert by a unique field: two of them at once make one case.
        documented(
          'Salesforce',
          z.object({ success: z.literal(true) }),
          await connection.upsert('Case', row, KEY_FIELD),
        );
        const opened = await find();
        if (opened) return opened;
        throw new RemoteRefused('Salesforce: the new case cannot be read; give its user access to cases', 0);
      };
      return once(find, create);
    },

    find: (key) => select(KEY_FIELD, portableKey(key)),

    get: async (id) => (isId(id) ? select('Id', id) : null),

    comment(id, { key, text, public: isPublic }) {
      const mark = portableKey(key);
      const look = async () => (await readComments(id)).find(({ ours }) => ours === mark)?.id ?? null;
      const add = async () => {
        const connection = await connected();
        const CommentBody = `${outgoing(text, MAX_COMMENT_BYTES)}\n\n[ref:${mark}]`;
        const row = { ParentId: toId(id), CommentBody, IsPublished: isPublic };
        return documented('Salesforce', saved, await connection.create('CaseComment', row)).id;
      };
      return once(look, add);
    },

    comments: readComments,

    async setStatus(id, status) {
      const connection = await connected();
      await connection.update('Case', { Id: toId(id), Status: statuses[status] });
    },
  };
};

const isId = (id: string): boolean => /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(id);

const toId = (id: string): string => {
  if (isId(id)) return id;
  throw new RemoteRefused('Salesforce: a ticket id is the 15 or 18 characters of a case id', 404);
};
